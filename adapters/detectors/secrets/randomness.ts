import { entropyOf } from "./entropy";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const HEX = /^(?:[0-9a-f]+|[0-9A-F]+)$/;
const FILE = /\.(?:[cm]?[jt]sx?|json|map|css|html?|md|png|svg|jpe?g|gif|woff2?|ya?ml|txt|py|go|rs|java|wasm)$/;
const SEPARATORS = /[-_.+/=~]/g;
/** Stretches that people read: words of one case, or with one capital in front. */
const WORDS = /[A-Z]?[a-z]{3,}|[A-Z]{4,}/g;
const ONE_CASE = /^(?:[a-z]+|[A-Z]+)$/;
const CONSONANTS = /[bcdfghjklmnpqrstvwxz]{5}/gi;

/** Whether a value looks drawn at random, as keys are, and not chosen, as names, dates, versions and paths are. */
export function looksRandom(value: string): boolean {
  if (FILE.test(value)) return false;
  if (UUID.test(value)) return entropyOf(value) > 2.5;
  const plain = value.replace(SEPARATORS, "");
  if (plain.length < 10) return false;
  const digits = plain.replace(/\D/g, "").length;
  const letters = plain.length - digits;
  if (digits === 0) return isLetterSoup(plain);
  if (letters < 2) return false;
  if (HEX.test(plain) && separators(value) === 0) return entropyOf(plain) > 2.6;
  return separators(value) * 6 <= value.length && isMixed(plain);
}

function separators(value: string): number {
  return value.replace(/={1,2}$/, "").match(SEPARATORS)?.length ?? 0;
}

/** Letters alone: only case or consonants tell them from words. */
function isLetterSoup(plain: string): boolean {
  if (plain.length < 16) return false;
  if (ONE_CASE.test(plain)) return (plain.match(CONSONANTS)?.length ?? 0) >= plain.length / 16;
  return changes(plain) / plain.length > 0.3 && entropyOf(plain) > 3.5 && wordShare(plain) < 0.3;
}

function isMixed(plain: string): boolean {
  const enough = plain.length >= 32 ? 3.4 : plain.length >= 20 ? 3.1 : 2.8;
  if (entropyOf(plain) < enough || changes(plain) / plain.length < 0.18) return false;
  return wordShare(plain) < 0.45;
}

/** The part of a text that reads as words. */
function wordShare(plain: string): number {
  return (plain.match(WORDS)?.filter(isPronounceable).join("").length ?? 0) / plain.length;
}

/** Random letters seldom alternate between vowels and consonants as words do. */
function isPronounceable(word: string): boolean {
  const vowels = word.match(/[aeiouy]/gi)?.length ?? 0;
  return (
    word.length >= 4 && vowels / word.length >= 0.25 && !/[^aeiouy]{4}/i.test(word) && !/[jqxz]{2}|q[^u]/i.test(word)
  );
}

/** How often the text changes between lower case, upper case and digits. */
function changes(text: string): number {
  let count = 0;
  let last = kindOf(text.charCodeAt(0));
  for (let at = 1; at < text.length; at++) {
    const kind = kindOf(text.charCodeAt(at));
    if (kind !== last) count += 1;
    last = kind;
  }
  return count;
}

function kindOf(code: number): number {
  return code < 58 ? 0 : code < 91 ? 1 : 2;
}

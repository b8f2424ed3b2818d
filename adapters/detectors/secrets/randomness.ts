import { characterProfile, type CharacterProfile } from "./character-profile";
import { entropyOf } from "./entropy";

const UUID = /^[0-9a-z]{8}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{12}$/i;
/** Licence keys and their like: `7K2P-Q4XM-…`. */
const GROUPS = /^(?=(?:.*\d){3})(?=(?:.*[A-Z]){3})[0-9A-Z]{3,10}(?:-[0-9A-Z]{3,10}){2,7}$/;
const FILE = /\.(?:[cm]?[jt]sx?|json|map|css|html?|md|png|svg|jpe?g|gif|woff2?|ya?ml|txt|py|go|rs|java|wasm)$/;
/** `ASN1_EXTERN_FUNCS`, `krb5_lucid_key`: identifiers. */
const IDENTIFIER = /^(?:[A-Z]+\d{0,5}(?:_[A-Z]+\d{0,5})+|[a-z]+\d{0,5}(?:_[a-z]+\d{0,5})+)$/;
/** The share of frequent pairs of letters in noise, and its deviation: 998 of 1000 random values stay below three of them. */
const NOISE = 0.28;
const DEVIATION = Math.sqrt(NOISE * (1 - NOISE));
const DEVIATIONS = 3;
/** Letters alone are more likely words. */
const LETTERS = 2.2;
const FEWEST_PAIRS = 4;

/** Whether a value looks drawn at random, as keys are, and not chosen, as names, dates, versions and paths are. */
export function looksRandom(value: string): boolean {
  const profile = characterProfile(value);
  const { digits, small, capitals, separators } = profile;
  const plain = digits + small + capitals;
  if (plain < 8 || (plain < 10 && digits < 2)) return false;
  if (separators === 4 && UUID.test(value)) return entropyOf(value) > 2.5;
  if (separators >= 2 && small === 0 && GROUPS.test(value)) return entropyOf(value) > 3;
  if (digits === 0) return isLetterSoup(value, profile);
  if (plain - digits < 2) return false;
  if (profile.hexadecimal && separators === 0) return entropyOf(value) > 2.6;
  return separators * 6 <= value.length && isMixed(value, plain, profile) && !isChosen(value);
}

/** Letters alone: only their order, and their case, tell them from words. */
function isLetterSoup(value: string, profile: CharacterProfile): boolean {
  const { small, capitals, changes, separators } = profile;
  if (small + capitals < 16 || separators * 6 > value.length || readsAsWords(profile, LETTERS)) return false;
  if (isChosen(value)) return false;
  if (small === 0 || capitals === 0) return entropyOf(value) > 3;
  return changes / (small + capitals) > 0.3 && entropyOf(value) > 3.5;
}

function isChosen(value: string): boolean {
  return FILE.test(value) || IDENTIFIER.test(value);
}

function isMixed(value: string, plain: number, profile: CharacterProfile): boolean {
  if (profile.changes / plain < 0.12) return false;
  // Words with a number have one or two; hexadecimal digits behind a prefix have pairs as words have.
  const mostlyDigits = plain >= 16 && profile.digits > plain / 3;
  if (!mostlyDigits && readsAsWords(profile)) return false;
  return entropyOf(value) >= (plain >= 32 ? 3.4 : plain >= 20 ? 3.1 : 2.8);
}

function readsAsWords({ pairs, frequentPairs }: CharacterProfile, deviations = DEVIATIONS): boolean {
  return pairs >= FEWEST_PAIRS && frequentPairs / pairs > NOISE + (deviations * DEVIATION) / Math.sqrt(pairs);
}

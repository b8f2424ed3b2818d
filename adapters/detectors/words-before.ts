/** How much of the text before a place is read. */
export const REACH = 90;
export const WORDS_BEFORE = 5;

/** The last words before a place, the last one first. */
export interface WordsBefore {
  /** For each word where it starts and ends in the text, and its hash, as `hashOfWord` gives it: most are never cut out. */
  readonly marks: readonly number[];
}

/** How many marks a word has. */
export const MARKS = 3;
const NO_WORDS: WordsBefore = { marks: [] };

/** Read backwards, so that five words cost five words. None where all are numbers. */
export function wordsBefore(text: string, start: number): WordsBefore {
  const marks: number[] = [];
  const floor = Math.max(0, start - REACH);
  let letters = false;
  for (let end = wordEnd(text, start, floor); end > floor && marks.length < MARKS * WORDS_BEFORE;) {
    const from = wordStart(text, end, floor);
    const hash = hashOfWord(text, from, end);
    letters ||= hash !== NUMBER;
    marks.push(from, end, hash);
    end = wordEnd(text, from, floor);
  }
  return letters ? { marks } : NO_WORDS;
}

/** Where the last word ends before `at`; `floor` where there is none. */
function wordEnd(text: string, at: number, floor: number): number {
  let end = at;
  while (end > floor && kindOf(text.charCodeAt(end - 1)) === NEITHER) end -= 1;
  return end;
}

/** Where the run of letters or of digits begins that ends at `end`; `aB` are two words. */
function wordStart(text: string, end: number, floor: number): number {
  let at = end - 1;
  let code = text.charCodeAt(at);
  const kind = kindOf(code);
  while (at > floor) {
    const before = text.charCodeAt(at - 1);
    if (kindOf(before) !== kind || isHump(before, code)) break;
    code = before;
    at -= 1;
  }
  return at;
}

export const HASHES = 65_536;
/** Of a number, with which no phrase begins. */
export const NUMBER = -2;
/** Of a word with other letters than those of ASCII. */
export const FOREIGN = -1;

/** Of a word read backwards, whatever its case. */
export function hashOfWord(text: string, from: number, end: number): number {
  if (kindOf(text.charCodeAt(from)) === DIGIT) return NUMBER;
  let hash = 0;
  for (let at = end - 1; at >= from; at--) {
    const code = text.charCodeAt(at);
    if (code >= 128) return FOREIGN;
    hash = hashOn(hash, code);
  }
  return hash;
}

/** The hash of a word to which a letter is added in front. */
export function hashOn(hash: number, code: number): number {
  return code >= 128 || hash === FOREIGN ? FOREIGN : (hash * 33 + (code | 32)) & (HASHES - 1);
}

export const NEITHER = 0;
const DIGIT = 1;
export const LETTER = 2;
const KINDS = new Uint8Array(128).fill(DIGIT, 48, 58).fill(LETTER, 65, 91).fill(LETTER, 97, 123);

export function kindOf(code: number): number {
  if (code < 128) return KINDS[code] ?? NEITHER;
  return /[\p{L}\p{M}]/u.test(String.fromCharCode(code)) ? LETTER : NEITHER;
}

/** Whether a capital behind a small letter begins a word. */
export function isHump(before: number, code: number): boolean {
  return code >= 65 && code <= 90 && before >= 97 && before <= 122;
}

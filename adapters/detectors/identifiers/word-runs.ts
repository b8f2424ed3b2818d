/** What a run of letters and digits is made of, and what it begins with. */
export const RUN_KINDS = {
  digits: 0,
  digitFirst: 1,
  letters: 2,
  letterFirst: 3,
  /** The same two, beginning with a capital. */
  capitalLetters: 4,
  capitalFirst: 5,
} as const;
export type RunKind = (typeof RUN_KINDS)[keyof typeof RUN_KINDS];

const DIGIT = 1;
const LETTER = 2;
const CLASSES = classes();

/** Calls `visit` for every run of ASCII letters and digits, in order. */
export function wordRuns(text: string, visit: (start: number, length: number, kind: RunKind) => void): void {
  let start = -1;
  let seen = 0;
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 0;
    const kind = code < 128 ? (CLASSES[code] ?? 0) : 0;
    if (kind !== 0) {
      if (start === -1) start = at;
      seen |= kind;
    } else if (start !== -1) {
      visit(start, at - start, kindOf(seen, text.charCodeAt(start)));
      start = -1;
      seen = 0;
    }
  }
}

function kindOf(seen: number, first: number): RunKind {
  if (seen === DIGIT) return RUN_KINDS.digits;
  if (CLASSES[first] === DIGIT) return RUN_KINDS.digitFirst;
  const capital = first < 97;
  if (seen === LETTER) return capital ? RUN_KINDS.capitalLetters : RUN_KINDS.letters;
  return capital ? RUN_KINDS.capitalFirst : RUN_KINDS.letterFirst;
}

function classes(): Uint8Array {
  return new Uint8Array(128).fill(DIGIT, 48, 58).fill(LETTER, 65, 91).fill(LETTER, 97, 123);
}

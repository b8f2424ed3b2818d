import type { DigitGroup } from "./digit-clusters";
import type { PhoneCandidate } from "./phone-score";

/** What a number begins with. */
export interface Opening extends Pick<PhoneCandidate, "start" | "plus" | "bracket"> {
  /** Whether a digit and a space stand before it, and nothing that tells it from them. */
  readonly inList: boolean;
}

const [SPACE, BRACKET, PLUS] = [32, 40, 43];
const DIGIT = 1;
const LETTER = 2;
/** Of an amount, an assignment, an entity. */
const SIGN = 3;
/** Joins on what is a letter or a digit. */
const JOINT = 4;
/** Joins on what is a digit. */
const COLON = 5;
const KINDS = kinds();

/** Null where the first group is a part of something longer. */
export function openingAt(text: string, first: DigitGroup): Opening | null {
  const start = first.start - leadLength(text, first.start);
  if (isJoinedBefore(text, start)) return null;
  let [plus, bracket] = [false, false];
  for (let at = start; at < first.start; at++) {
    plus ||= text.charCodeAt(at) === PLUS;
    bracket ||= text.charCodeAt(at) === BRACKET;
  }
  return { start, plus, bracket, inList: start === first.start && isBehindDigit(text, start) };
}

/** How long the lead is that ends at `at`: `+`, `+ `, `(`, `(+`, `+(`, `+ (`, or none. */
function leadLength(text: string, at: number): number {
  const last = text.charCodeAt(at - 1);
  if (last !== SPACE && last !== BRACKET && last !== PLUS) return 0;
  const before = text.charCodeAt(at - 2);
  if (last === PLUS) return before === BRACKET ? 2 : 1;
  if (before === PLUS) return 2;
  if (last === SPACE) return 0;
  return before === SPACE && text.charCodeAt(at - 3) === PLUS ? 3 : 1;
}

/** Whether it is part of a longer number, a word, an amount or a path. */
function isJoinedBefore(text: string, start: number): boolean {
  const mark = kindAt(text, start - 1);
  if (mark === DIGIT || mark === LETTER || mark === SIGN) return true;
  const before = kindAt(text, start - 2);
  if (mark === COLON) return before === DIGIT;
  if (mark === JOINT) return before === DIGIT || before === LETTER;
  return text.charCodeAt(start - 1) === BRACKET && isBehindDigit(text, start - 1);
}

/** Whether a digit and a space stand before. */
function isBehindDigit(text: string, start: number): boolean {
  return text.charCodeAt(start - 1) === SPACE && kindAt(text, start - 2) === DIGIT;
}

function kindAt(text: string, at: number): number {
  return KINDS[text.charCodeAt(at)] ?? 0;
}

/** For every UTF-16 unit. */
function kinds(): Uint8Array {
  const table = new Uint8Array(0x1_0000).fill(DIGIT, 48, 58).fill(LETTER, 65, 91).fill(LETTER, 97, 123);
  for (const sign of "$€£#=&_") table[sign.charCodeAt(0)] = SIGN;
  for (const joint of "-.,/") table[joint.charCodeAt(0)] = JOINT;
  table[":".charCodeAt(0)] = COLON;
  return table;
}

import type { Finding } from "../../../lib/ports/detector";
import { isIssued } from "./card-issuers";
import type { DigitGroup } from "./digit-clusters";
import { passesLuhn } from "./luhn";

export const ENTITY = "CREDIT_CARD";
export const MIN_DIGITS = 12;
export const MAX_DIGITS = 19;

/** How numbers are grouped when they are printed or typed in groups. */
const SHAPES = [[6, 13], [6, 10], [8, 8], [4, 6, 5], [4, 6, 4], [4, 4, 5], [4, 5, 6], [4, 4, 4, 4], [4, 4, 4, 3], [4, 4, 4, 4, 3]]; // prettier-ignore
export const SHAPES_BY_FIRST = Array.from({ length: MAX_DIGITS + 1 }, (_, first) =>
  SHAPES.filter(([length]) => length === first),
);
const PREFIX_DIGITS = 4;
/** A number of at most this many digits behind a plus sign is a telephone number (E.164). */
const PHONE_DIGITS = 15;
const WORD = /[A-Za-z0-9]/;
/** Listings of files have it behind a length: `12607 2022-08-28 10:40`. */
const DATE = /(?<![0-9])(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?![0-9])/;

export function lengthOf({ start, end }: DigitGroup): number {
  return end - start;
}

/** Whether the groups from `first` on, the length of which is known to suit, are as long as the shape says. */
export function suits(cluster: readonly DigitGroup[], first: number, shape: readonly number[]): boolean {
  for (let at = 1; at < shape.length; at++) {
    const group = cluster[first + at];
    if (group === undefined || lengthOf(group) !== shape[at]) return false;
  }
  return true;
}

/** The card whose number is made of `count` groups from the one at `from` on. */
export function cardOf(
  text: string,
  cluster: readonly DigitGroup[],
  from: number,
  count: number,
  minDigits: number,
): Finding | null {
  const first = cluster[from];
  const last = cluster[from + count - 1];
  if (first === undefined || last === undefined || count > MAX_DIGITS) return null;
  let digits = 0;
  for (let at = from; at < from + count; at++) digits += lengthOf(cluster[at] ?? first);
  if (digits < minDigits || digits > MAX_DIGITS || !isIssued(prefixOf(text, first.start), digits)) return null;
  const { start } = first;
  const { end } = last;
  if (!passesLuhn(text, start, end) || !standsAlone(text, start, end, digits)) return null;
  if (count > 2 && DATE.test(text.slice(start, end))) return null;
  return { entity: ENTITY, rule: ENTITY, start, end, score: count > 1 ? 1 : 0.9 };
}

/** The first four digits from `start` on, whatever stands between them. */
function prefixOf(text: string, start: number): number {
  let prefix = 0;
  for (let at = start, digits = 0; digits < PREFIX_DIGITS; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) continue;
    prefix = prefix * 10 + digit;
    digits += 1;
  }
  return prefix;
}

/** Not a part of a word or hash, nor the fraction of a decimal number, nor a telephone number. */
function standsAlone(text: string, start: number, end: number, digits: number): boolean {
  const before = text.slice(Math.max(0, start - 2), start);
  const inWord = WORD.test(before.slice(-1)) || WORD.test(text.charAt(end));
  const isPhone = digits <= PHONE_DIGITS && before.endsWith("+");
  return !inWord && !isPhone && !/^[0-9][.,]$/.test(before);
}

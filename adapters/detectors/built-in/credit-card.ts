import type { Detector, Finding } from "../../../lib/ports/detector";
import { isIssued } from "./card-issuers";
import { digitClusters, separatorsOf, type DigitGroup } from "./digit-clusters";
import { passesLuhn } from "./luhn";
import { runAtEnd } from "./run-at-end";

const ENTITY = "CREDIT_CARD";
const MIN_DIGITS = 12;
const MAX_DIGITS = 19;

/** Nineteen digits with two separators before each, and the character behind them. */
const MAX_LENGTH = 3 * MAX_DIGITS + 1;

/** How numbers are grouped when they are printed or typed in groups. */
const SHAPES = [[6, 13], [6, 10], [8, 8], [4, 6, 5], [4, 6, 4], [4, 4, 5], [4, 5, 6], [4, 4, 4, 4], [4, 4, 4, 3], [4, 4, 4, 4, 3]]; // prettier-ignore
const SHAPES_BY_FIRST = Array.from({ length: MAX_DIGITS + 1 }, (_, first) =>
  SHAPES.filter(([length]) => length === first),
);
const PREFIX_DIGITS = 4;
/** What they begin with at least. */
const SHORTEST_GROUP = 4;
/** A number of at most this many digits behind a plus sign is a telephone number (E.164). */
const PHONE_DIGITS = 15;
/** Fewer digits need a known grouping: a telephone number has 13 and begins with 4 as well. */
const FREE_FORM_DIGITS = 14;

const CLUSTERS = { separators: separatorsOf(" \t\r\n./_-"), widestGap: 2, leastDigits: MIN_DIGITS };
const GROUPED = /[0-9 \t\r\n./_-]/;
const WORD = /[A-Za-z0-9]/;

/** Numbers of payment cards: issuer, length and check digit are right, and they are not a part of something longer. */
export function creditCardDetector(): Detector {
  return Object.freeze({
    name: "credit-card",
    entities: Object.freeze([ENTITY]),
    maxLength: MAX_LENGTH,
    detect,
    openAt,
  });
}

/** Groups of digits, as long as more of them may follow. */
function openAt(text: string): number {
  const run = runAtEnd(text, GROUPED, MAX_LENGTH);
  const digit = /[0-9]/.exec(text.slice(run))?.index;
  const closed = /[^0-9]{3}$/.test(text.slice(run));
  return digit === undefined || closed ? text.length : run + digit;
}

function detect(text: string): readonly Finding[] {
  return digitClusters(text, CLUSTERS).flatMap((cluster) => cardsIn(text, cluster));
}

function cardsIn(text: string, cluster: readonly DigitGroup[]): readonly Finding[] {
  const whole = cardOf(text, cluster, 0, cluster.length, FREE_FORM_DIGITS);
  if (whole !== null && isFreeForm(text, cluster)) return [whole];
  const cards: Finding[] = [];
  for (let first = 0; first < cluster.length; first++) {
    const card = cardAt(text, cluster, first);
    if (card !== null) cards.push(card);
  }
  return cards;
}

/**
 * Any grouping passes when nothing else is in the cluster and no decimal point or path separates it, but for what may be
 * a French number of an insured person or of an establishment.
 */
function isFreeForm(text: string, cluster: readonly DigitGroup[]): boolean {
  if (cluster.length < 2 || cluster.length > MAX_DIGITS) return false;
  const shape = cluster.map(lengthOf).join("-");
  if (shape.startsWith("1-2-") || shape === "3-3-3-5") return false;
  return cluster.every(({ end }, at) => !/[./]/.test(text.slice(end, cluster[at + 1]?.start ?? end)));
}

function lengthOf({ start, end }: DigitGroup): number {
  return end - start;
}

function cardAt(text: string, cluster: readonly DigitGroup[], first: number): Finding | null {
  const group = cluster[first];
  if (group === undefined || lengthOf(group) < SHORTEST_GROUP) return null;
  const single = cardOf(text, cluster, first, 1, MIN_DIGITS);
  if (single !== null) return single;
  for (const shape of SHAPES_BY_FIRST[lengthOf(group)] ?? []) {
    if (!suits(cluster, first, shape)) continue;
    const card = cardOf(text, cluster, first, shape.length, MIN_DIGITS);
    if (card !== null) return card;
  }
  return null;
}

function suits(cluster: readonly DigitGroup[], first: number, shape: readonly number[]): boolean {
  for (let at = 1; at < shape.length; at++) {
    const group = cluster[first + at];
    if (group === undefined || lengthOf(group) !== shape[at]) return false;
  }
  return true;
}

/** The card whose number is made of `count` groups from the one at `from` on. */
function cardOf(
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

import type { Detector, Finding } from "../../../lib/ports/detector";
import { cardOf, ENTITY, lengthOf, MAX_DIGITS, MIN_DIGITS, SHAPES_BY_FIRST, suits } from "./card-number";
import { digitClusters, separatorsOf, type DigitGroup } from "./digit-clusters";
import { runAtEnd } from "./run-at-end";
import { gapBehind, isGap, splitAtGaps, WIDEST_GAP } from "./wide-gaps";

/** The separators between two groups that are written close together. */
const CLOSE_GAP = 2;
/** Five groups far apart, and the character behind them; more than nineteen digits with two separators before each. */
const MAX_LENGTH = MAX_DIGITS + 4 * WIDEST_GAP + 1;

/** What they begin with at least. */
const SHORTEST_GROUP = 4;
/** Two numbers far apart are two numbers. */
const FEWEST_FAR_GROUPS = 3;
const BEFORE_FAR_GAP = /(?<![0-9])[0-9]{4,6}([^0-9]{3,})$/;
/** Fewer digits need a known grouping: a telephone number has 13 and begins with 4 as well. */
const FREE_FORM_DIGITS = 14;

const CLUSTERS = { separators: separatorsOf(" \t\r\n./_-"), widestGap: WIDEST_GAP, leastDigits: MIN_DIGITS };
const GROUPED = /[0-9 \t\r\n./_-]/;
const FAR_SCORE = 0.8;

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
  const at = runAtEnd(text, GROUPED, MAX_LENGTH);
  const run = text.slice(at);
  const digit = /[0-9]/.exec(run)?.index;
  const closed = /[^0-9]{3}$/.test(run) && !isGap(BEFORE_FAR_GAP.exec(run)?.[1] ?? null);
  return digit === undefined || closed ? text.length : at + digit;
}

function detect(text: string): readonly Finding[] {
  return digitClusters(text, CLUSTERS).flatMap((cluster) => {
    const parts = splitAtGaps(cluster, CLOSE_GAP);
    if (parts.length === 1) return cardsIn(text, cluster);
    return [...parts.flatMap((part) => cardsIn(text, part)), ...farCardsIn(text, cluster)];
  });
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

/** Numbers in groups as they are printed, some of them far apart, in no list of such groups. */
function farCardsIn(text: string, cluster: readonly DigitGroup[]): readonly Finding[] {
  const cards: Finding[] = [];
  for (let first = 0; first < cluster.length; first++) {
    const length = lengthAt(cluster, first);
    if (length === lengthAt(cluster, first - 1)) continue;
    for (const shape of SHAPES_BY_FIRST[length] ?? []) {
      const card = standsFar(text, cluster, first, shape)
        ? cardOf(text, cluster, first, shape.length, MIN_DIGITS)
        : null;
      if (card !== null) cards.push({ ...card, score: FAR_SCORE });
    }
  }
  return cards;
}

function standsFar(text: string, cluster: readonly DigitGroup[], first: number, shape: readonly number[]): boolean {
  const isListed = lengthAt(cluster, first + shape.length) === shape[0];
  if (shape.length < FEWEST_FAR_GROUPS || isListed || !suits(cluster, first, shape)) return false;
  return shape.slice(1).every((_, at) => isGap(gapBehind(text, cluster, first + at)));
}

function lengthAt(cluster: readonly DigitGroup[], at: number): number {
  const group = cluster[at];
  return group === undefined ? 0 : lengthOf(group);
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

import type { Detector, Finding } from "../../../lib/ports/detector";
import { isIssued } from "./card-issuers";
import { passesLuhn } from "./luhn";
import { runAtEnd } from "./run-at-end";

const ENTITY = "CREDIT_CARD";
const MIN_DIGITS = 12;
const MAX_DIGITS = 19;

/** Nineteen digits with two separators before each, and the character behind them. */
const MAX_LENGTH = 3 * MAX_DIGITS + 1;

/** How numbers are grouped when they are printed or typed in groups. */
const SHAPES = ["4-4-4-4", "4-6-5", "4-6-4", "4-4-4-4-3", "4-4-5", "4-4-4-3", "6-13", "6-10", "8-8", "4-5-6"];
/** A number of at most this many digits behind a plus sign is a telephone number (E.164). */
const PHONE_DIGITS = 15;
/** Fewer digits need a known grouping: a telephone number has 13 and begins with 4 as well. */
const FREE_FORM_DIGITS = 14;

/** A run of digits, and at most two separators before it when it belongs with the one before. */
interface Group {
  readonly start: number;
  readonly end: number;
  readonly digits: string;
  readonly separator: string;
}

const DIGITS = /[0-9]+/g;
const SEPARATOR = /^[ \t\r\n./_-]{1,2}$/;
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
  return clustersOf(text).flatMap((cluster) => cardsIn(text, cluster));
}

/** Groups that follow each other with nothing but separators between them. */
function clustersOf(text: string): Group[][] {
  const clusters: Group[][] = [];
  let cluster: Group[] = [];
  for (const match of text.matchAll(DIGITS)) {
    const start = match.index;
    const before = cluster.at(-1);
    const gap = before === undefined || start - before.end > 2 ? "" : text.slice(before.end, start);
    const joined = SEPARATOR.test(gap);
    const group = { start, end: start + match[0].length, digits: match[0], separator: joined ? gap : "" };
    if (joined) cluster.push(group);
    else clusters.push((cluster = [group]));
  }
  return clusters;
}

function cardsIn(text: string, cluster: readonly Group[]): readonly Finding[] {
  const whole = isFreeForm(cluster) ? cardOf(text, cluster, FREE_FORM_DIGITS) : null;
  if (whole !== null) return [whole];
  return cluster.flatMap((_, first) => {
    const card = cardAt(text, cluster, first);
    return card === null ? [] : [card];
  });
}

/**
 * Any grouping passes when nothing else is in the cluster and no decimal point or path separates it, but for what may be
 * a French number of an insured person or of an establishment.
 */
function isFreeForm(cluster: readonly Group[]): boolean {
  const shape = cluster.map(({ digits }) => digits.length).join("-");
  if (shape.startsWith("1-2-") || shape === "3-3-3-5") return false;
  return cluster.length > 1 && cluster.length <= MAX_DIGITS && cluster.every((group) => !/[./]/.test(group.separator));
}

function cardAt(text: string, cluster: readonly Group[], first: number): Finding | null {
  let shape = "";
  for (let end = first + 1; end <= cluster.length; end++) {
    const length = String(cluster[end - 1]?.digits.length);
    shape = shape === "" ? length : `${shape}-${length}`;
    const complete = end === first + 1 || SHAPES.includes(shape);
    const card = complete ? cardOf(text, cluster.slice(first, end), MIN_DIGITS) : null;
    if (card !== null) return card;
    if (!SHAPES.some((known) => known.startsWith(`${shape}-`))) return null;
  }
  return null;
}

function cardOf(text: string, groups: readonly Group[], minDigits: number): Finding | null {
  const first = groups[0];
  const last = groups.at(-1);
  if (first === undefined || last === undefined) return null;
  const digits = groups.map((group) => group.digits).join("");
  if (digits.length < minDigits || digits.length > MAX_DIGITS || !isIssued(digits) || !passesLuhn(digits)) return null;
  if (!standsAlone(text, first.start, last.end, digits.length)) return null;
  return { entity: ENTITY, rule: ENTITY, start: first.start, end: last.end, score: groups.length > 1 ? 1 : 0.9 };
}

/** Not a part of a word or hash, nor the fraction of a decimal number, nor a telephone number. */
function standsAlone(text: string, start: number, end: number, digits: number): boolean {
  const before = text.slice(Math.max(0, start - 2), start);
  const inWord = WORD.test(before.slice(-1)) || WORD.test(text.charAt(end));
  const isPhone = digits <= PHONE_DIGITS && before.endsWith("+");
  return !inWord && !isPhone && !/^[0-9][.,]$/.test(before);
}

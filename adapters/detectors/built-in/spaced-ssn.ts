import type { Detector, Finding } from "../../../lib/ports/detector";
import { contextOf, isAlone, surroundingsOf } from "../context-words";
import { isJoinedAfter, isJoinedBefore } from "../identifiers/joints";
import { isSsn, SSN_CONTEXT } from "../identifiers/regions/united-states";
import { vocabularyOf } from "../vocabulary";
import { isGap, WIDEST_GAP } from "./wide-gaps";

const ENTITY = "US_SSN";
/** Digits of its parts. */
const [AREA, GROUP, SERIAL] = [3, 2, 4];
const IN_GAP = " \t\r\n./_-";
/** What stands between area and group, and between group and serial. */
type Gaps = readonly [string, string];

/** What the detector of identifiers reads. */
const COMMON_GAP = /^[-./ ]$/;
/** Says by itself that the groups belong together. */
const DASHES = /^ *-{1,2} *$/;
const WORD = /[A-Za-z0-9_]/;

const CONTEXT = contextOf(SSN_CONTEXT);
const mayBeNamed = vocabularyOf([CONTEXT]);
const NAMED_SCORE = 0.75;
const ALONE_SCORE = 0.6;
const DASHED_SCORE = 0.5;

/** How much of what follows has a say: a gap and a digit, or all that there is. */
const REST = WIDEST_GAP + 1;
const MAX_LENGTH = 9 + 2 * WIDEST_GAP + REST;
const BEGUN =
  /(?<![A-Za-z0-9_])(?:\d{1,3}|\d{3}[ \t\r\n./_-]{1,20}(?:\d{0,2}|\d\d[ \t\r\n./_-]{1,20}(?:\d{0,3}|\d{4}[^]{0,20})))$/;

/** Social security numbers with more between their groups than one mark: ` - `, `--`, underscores, several spaces, line breaks. */
export function spacedSsnDetector(): Detector {
  const entities = Object.freeze([ENTITY]);
  return Object.freeze({ name: "spaced-ssn", entities, maxLength: MAX_LENGTH, detect, openAt });
}

function openAt(text: string): number {
  const from = Math.max(0, text.length - MAX_LENGTH);
  return from + (BEGUN.exec(text.slice(from))?.index ?? text.length - from);
}

function detect(text: string): readonly Finding[] {
  const findings: Finding[] = [];
  // A serial has a digit at one of these places.
  for (let at = SERIAL - 1; at < text.length; at += SERIAL) {
    if (!isDigit(text, at)) continue;
    let end = at + 1;
    while (isDigit(text, end)) end += 1;
    at = end;
    const finding = ssnBefore(text, end);
    if (finding !== null) findings.push(finding);
  }
  return findings;
}

/** The number whose last digit is the one before `end`. */
function ssnBefore(text: string, end: number): Finding | null {
  const serial = digitsBefore(text, end, SERIAL);
  const groupEnd = gapBefore(text, serial);
  const group = digitsBefore(text, groupEnd, GROUP);
  const areaEnd = gapBefore(text, group);
  const start = digitsBefore(text, areaEnd, AREA);
  if (start === -1) return null;
  return ssnAt(text, start, end, [text.slice(areaEnd, group), text.slice(groupEnd, serial)]);
}

/** Where the run of so many digits begins that ends at `end`; -1 where none does. */
function digitsBefore(text: string, end: number, count: number): number {
  let start = end;
  while (start > 0 && end - start <= count && isDigit(text, start - 1)) start -= 1;
  return end - start === count ? start : -1;
}

/** Where the gap begins that ends at `end`; -1 where none does. */
function gapBefore(text: string, end: number): number {
  let start = end;
  while (start > 0 && end - start <= WIDEST_GAP && IN_GAP.includes(text.charAt(start - 1))) start -= 1;
  return start < end ? start : -1;
}

function ssnAt(text: string, start: number, end: number, gaps: Gaps): Finding | null {
  if (!gaps.every(isGap) || gaps.every((gap) => COMMON_GAP.test(gap))) return null;
  if (!standsAlone(text, start, end) || isListed(text, start, end, gaps)) return null;
  if (!isSsn(text.slice(start, end).replace(/[^0-9]/g, ""))) return null;
  const context = mayBeNamed(text, start) && surroundingsOf(text, start, end).has(CONTEXT);
  const score = context ? NAMED_SCORE : unnamedScore(text, start, end, gaps);
  return score === 0 ? null : { entity: ENTITY, rule: ENTITY, start, end, score, context };
}

function unnamedScore(text: string, start: number, end: number, gaps: Gaps): number {
  if (isAlone(text, start, end)) return ALONE_SCORE;
  return gaps[0] === gaps[1] && gaps.every((gap) => DASHES.test(gap)) ? DASHED_SCORE : 0;
}

/** Whether more numbers stand before or behind, as far apart. */
function isListed(text: string, start: number, end: number, [first, second]: Gaps): boolean {
  const before = text.startsWith(first, start - first.length) && isDigit(text, start - first.length - 1);
  return before || (text.startsWith(second, end) && isDigit(text, end + second.length));
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function standsAlone(text: string, start: number, end: number): boolean {
  if (WORD.test(text.charAt(start - 1)) || WORD.test(text.charAt(end))) return false;
  return !isJoinedBefore(text, start) && !isJoinedAfter(text, end);
}

import type { Detector, Finding } from "../../../lib/ports/detector";
import { ibanLength } from "./iban-lengths";

const ENTITY = "IBAN_CODE";
const OPENING = /(?<![A-Za-z0-9])[A-Za-z]{2}[ -]?\d{2}/g;
const [SPACE, DASH, LINE_FEED, ZERO, NINE] = [32, 45, 10, 48, 57];
/** The country and the check digits. */
const OPENING_LENGTH = 4;
const LEAST_LETTER = 10;
const NO_VALUE = -1;
const NOWHERE = -1;
const VALUES = valuesOf();
const LONGEST = 34;
const MAX_LENGTH = 2 * LONGEST + 1;

/** International bank account numbers: country, its length, and the remainder of ISO 7064; spaces or dashes anywhere. */
export function ibanCodeDetector(): Detector {
  return Object.freeze({
    name: "iban-code",
    entities: Object.freeze([ENTITY]),
    maxLength: MAX_LENGTH,
    detect,
    openAt,
  });
}

/** A number of a known country that goes on, or a word that may become one. */
function openAt(text: string): number {
  const from = Math.max(0, text.length - MAX_LENGTH);
  const tail = text.slice(from);
  for (const { index } of tail.matchAll(OPENING)) {
    const length = ibanLength(valueAt(tail, index), valueAt(tail, index + 1));
    const code = tail.slice(index).replace(/[ \n-]/g, "");
    if (code.length <= length && /^[A-Za-z0-9]+$/.test(code)) return from + index;
  }
  return text.length - (/(?<![A-Za-z0-9])[A-Za-z]{1,2}(?:[ -]?\d?)$/.exec(tail)?.[0].length ?? 0);
}

function detect(text: string): readonly Finding[] {
  const findings: Finding[] = [];
  // Digits are rarer than letters.
  for (let at = 2; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < ZERO || code > NINE) continue;
    const start = openingBefore(text, at);
    if (start === NOWHERE) continue;
    const length = ibanLength(valueAt(text, start), valueAt(text, start + 1));
    const end = length === 0 ? NOWHERE : endAfter(text, start, length);
    if (end === NOWHERE || !passesMod97(text, start, end)) continue;
    findings.push({ entity: ENTITY, rule: ENTITY, start, end, score: 1 });
  }
  return findings;
}

/** Where the two letters begin that stand alone before two digits at `at`, one space or dash between them at most. */
function openingBefore(text: string, at: number): number {
  const gap = text.charCodeAt(at - 1);
  const start = gap === SPACE || gap === DASH ? at - 3 : at - 2;
  if (start < 0 || valueAt(text, start) < LEAST_LETTER || valueAt(text, start + 1) < LEAST_LETTER) return NOWHERE;
  const isAlone = start === 0 || valueAt(text, start - 1) === NO_VALUE;
  return isAlone && isDigit(valueAt(text, at + 1)) ? start : NOWHERE;
}

/** Where so many letters and digits end, one separator at most between two; `NOWHERE` where they do not. */
function endAfter(text: string, start: number, length: number): number {
  const limit = Math.min(text.length, start + 2 * LONGEST);
  let count = 0;
  let separated = true;
  let at = start;
  for (; count < length && at < limit; at++) {
    const isSeparated = valueAt(text, at) === NO_VALUE;
    if (!isSeparated) count += 1;
    else if (separated || !isSeparator(text.charCodeAt(at))) return NOWHERE;
    separated = isSeparated;
  }
  const goesOn = at < text.length && valueAt(text, at) !== NO_VALUE;
  return count < length || goesOn ? NOWHERE : at;
}

/** The remainder of ISO 7064, for which the first four count last. */
function passesMod97(text: string, start: number, end: number): boolean {
  let remainder = 0;
  let opening = 0;
  for (let at = start, count = 0; at < end; at++) {
    const value = valueAt(text, at);
    if (value === NO_VALUE) continue;
    if (count < OPENING_LENGTH) opening = opening * (value >= LEAST_LETTER ? 100 : 10) + value;
    else remainder = (remainder * (value >= LEAST_LETTER ? 100 : 10) + value) % 97;
    count += 1;
  }
  return (remainder * 1_000_000 + opening) % 97 === 1;
}

function isSeparator(code: number): boolean {
  return code === SPACE || code === DASH || code === LINE_FEED;
}

function isDigit(value: number): boolean {
  return value < LEAST_LETTER && value !== NO_VALUE;
}

/** What the letter or digit counts: `7` is 7, `a` and `A` are 10. */
function valueAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? (VALUES[code] ?? NO_VALUE) : NO_VALUE;
}

function valuesOf(): Int8Array {
  const values = new Int8Array(128).fill(NO_VALUE);
  for (let value = 0; value < 36; value++) {
    const character = value.toString(36);
    values[character.charCodeAt(0)] = value;
    values[character.toUpperCase().charCodeAt(0)] = value;
  }
  return values;
}

import type { Detector, Finding } from "../../../lib/ports/detector";
import { ibanLength } from "./iban-lengths";

const ENTITY = "IBAN_CODE";
const OPENING = /(?<![A-Za-z0-9])[A-Za-z]{2}[ -]?\d{2}/g;
const SEPARATORS = " \n-";
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
    const length = ibanLength(tail.slice(index, index + 2).toUpperCase());
    const code = tail.slice(index).replace(/[ \n-]/g, "");
    if (length !== null && code.length <= length && /^[A-Za-z0-9]+$/.test(code)) return from + index;
  }
  return text.length - (/(?<![A-Za-z0-9])[A-Za-z]{1,2}(?:[ -]?\d?)$/.exec(tail)?.[0].length ?? 0);
}

function detect(text: string): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { index } of text.matchAll(OPENING)) {
    const length = ibanLength(text.slice(index, index + 2).toUpperCase());
    const end = length === null ? null : endAfter(text, index, length);
    if (end !== null) findings.push({ entity: ENTITY, rule: ENTITY, start: index, end, score: 1 });
  }
  return findings;
}

/** Where so many letters and digits end that pass the check, one separator at most between two; null where they do not. */
function endAfter(text: string, start: number, length: number): number | null {
  let code = "";
  let at = start;
  for (; code.length < length && at - start < 2 * LONGEST; at++) {
    if (isAlphanumeric(text, at)) code += text.charAt(at);
    else if (!SEPARATORS.includes(text.charAt(at)) || !isAlphanumeric(text, at - 1)) return null;
  }
  const whole = code.length === length && !isAlphanumeric(text, at);
  return whole && passesMod97(code.toUpperCase()) ? at : null;
}

function isAlphanumeric(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  const letter = code | 32;
  return (code >= 48 && code <= 57) || (letter >= 97 && letter <= 122 && code < 128);
}

function passesMod97(code: string): boolean {
  let remainder = 0;
  for (const character of code.slice(4) + code.slice(0, 4)) {
    const value = parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}

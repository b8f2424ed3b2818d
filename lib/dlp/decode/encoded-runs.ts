import { isUtf8 } from "node:buffer";
import { inflated, isCompressed, newInflation, type Inflation } from "./inflated";
import type { View } from "./view";

/** What base64, base64url or hexadecimal digits in a text stand for, where that is text; compressed text with them. */
export function encodedViews(source: string): readonly View[] {
  const inflation = newInflation();
  return runsOf(source).flatMap(({ start, end }) => {
    const text = decoded(source.slice(start, end), inflation);
    // No part of what is encoded can be replaced by itself.
    return text === null ? [] : [{ text, place: () => ({ start, end }) }];
  });
}

/** Where the run begins that ends a growing text and may become one that can be read; the text's length where none does. */
export function openRun(source: string): number {
  const padding = /={0,2}$/.exec(source)?.[0].length ?? 0;
  const end = source.length - padding;
  const last = runsOf(source, 1).at(-1);
  const start = last !== undefined && (last.end === source.length || last.end === end) ? last.start : lineEnd(source);
  if (source.length - start > LONGEST_RUN) return source.length;
  return mayBecomeText(source.slice(start, end)) ? start : source.length;
}

/** Where the run begins that goes through `at`, in one line; `at` where none does. */
export function runStartAt(source: string, at: number): number {
  const floor = Math.max(0, at - LONGEST_RUN);
  let start = at;
  while (start > floor && isInRun(source, start - 1)) start -= 1;
  return isInRun(source, at) ? start : at;
}

/** Where the run ends that goes through `at`, broken lines joined; `at` where none does. */
export function runEndAt(source: string, at: number): number {
  if (!isInRun(source, at - 1)) return at;
  const limit = Math.min(source.length, at + LONGEST_RUN);
  let end = at;
  while (end < limit) {
    while (end < limit && isInRun(source, end)) end += 1;
    const line = end - runStartAt(source, end - 1);
    const next = end + (source.startsWith("\r\n", end) ? 2 : source[end] === "\n" ? 1 : 0);
    if (next === end || line < SHORTEST_LINE || (next < source.length && !isInRun(source, next))) break;
    end = Math.min(next, limit);
  }
  return end;
}

/** Eleven characters, the shortest identifiers, make no less in base64. */
const SHORTEST_RUN = 14;
/** What is longer is not read: 12 kB. Slices of long texts overlap by more. */
const LONGEST_RUN = 16_384;
/** Of encoders that break lines: 64 in PEM, 76 in MIME. */
const SHORTEST_LINE = 60;
const LONGEST_LINE = 76;

interface Run {
  readonly start: number;
  readonly end: number;
}

const IN_RUN = new Uint8Array(128);
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_") {
  IN_RUN[character.charCodeAt(0)] = 1;
}

/** Maximal runs of the alphabets' characters, broken lines joined, padding taken in. */
function runsOf(source: string, shortest = SHORTEST_RUN): readonly Run[] {
  const runs: Run[] = [];
  let floor = 0;
  // A run of that length has a character at one of these places.
  for (let at = shortest - 1; at < source.length; at += shortest) {
    if (!isInRun(source, at)) continue;
    let start = at;
    while (start > floor && isInRun(source, start - 1)) start -= 1;
    const end = runEnd(source, at + 1, start);
    if (end - start >= shortest) runs.push({ start, end });
    floor = end;
    at = end;
  }
  return runs;
}

function runEnd(source: string, from: number, start: number): number {
  let end = from;
  while (isInRun(source, end)) end += 1;
  let line = start;
  const width = end - start;
  while (width >= SHORTEST_LINE && width <= LONGEST_LINE && width % 4 === 0 && end - line === width) {
    const next = end + (source.startsWith("\r\n", end) ? 2 : source[end] === "\n" ? 1 : 0);
    if (next === end || !isInRun(source, next)) break;
    line = next;
    end = next;
    while (end - line < width && isInRun(source, end)) end += 1;
  }
  for (let padding = 0; padding < 2 && source[end] === "="; padding += 1) end += 1;
  return end;
}

/** Where the last line begins when it is one of an encoder's and its break ends the text; else the text's length. */
function lineEnd(source: string): number {
  const body = source.replace(/\r?\n?$/, "");
  if (body.length === source.length) return source.length;
  const last = runsOf(body.slice(-LONGEST_RUN)).at(-1);
  const from = Math.max(0, body.length - LONGEST_RUN);
  if (last === undefined || from + last.end !== body.length) return source.length;
  const start = from + last.start;
  const width = body.length - Math.max(start, body.lastIndexOf("\n") + 1);
  return width >= SHORTEST_LINE && width <= LONGEST_LINE && width % 4 === 0 ? start : source.length;
}

function isInRun(source: string, at: number): boolean {
  return IN_RUN[source.charCodeAt(at)] === 1;
}

/** Null where the bytes are no text. The last line of several may be a word of the text around. */
function decoded(run: string, inflation: Inflation): string | null {
  if (run.length > LONGEST_RUN) return null;
  const inLines = run.lastIndexOf("\n");
  return textOf(run, inflation) ?? (inLines === -1 ? null : textOf(run.slice(0, inLines), inflation));
}

function textOf(run: string, inflation: Inflation): string | null {
  for (const bytes of [fromHex(run), fromBase64(run)]) {
    if (bytes === null) continue;
    const plain = isCompressed(bytes) ? inflated(bytes, inflation) : bytes;
    if (plain !== null && plain.length > 0 && isText(plain)) return plain.toString("utf8");
  }
  return null;
}

function fromHex(run: string): Buffer | null {
  const digits = run.startsWith("0x") ? run.slice(2) : run;
  return digits.length % 2 === 0 && /^[0-9A-Fa-f\r\n]+$/.test(digits)
    ? Buffer.from(digits.replace(/\s/g, ""), "hex")
    : null;
}

/** Both alphabets, with line breaks and without padding. */
function fromBase64(run: string): Buffer {
  return Buffer.from(run, "base64");
}

function isText(bytes: Buffer): boolean {
  return (
    isUtf8(bytes) && !bytes.some((byte) => (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13) || byte === 0x7f)
  );
}

/** Whether what has come so far of a run is the beginning of a text. */
function mayBecomeText(run: string): boolean {
  const digits = run.replace(/^0x/, "");
  const hex = /^[0-9A-Fa-f\r\n]*$/.test(digits) ? Buffer.from(digits.replace(/\s/g, ""), "hex") : null;
  const base64 = fromBase64(run);
  const inLines = run.lastIndexOf("\n");
  return (
    [hex, base64].some((bytes) => bytes !== null && beginsText(bytes)) ||
    (inLines !== -1 && textOf(run.slice(0, inLines), newInflation()) !== null)
  );
}

/** The last character may not be complete yet. */
function beginsText(bytes: Buffer): boolean {
  if (bytes.length < 2 || isCompressed(bytes)) return true;
  return [0, 1, 2, 3].some((cut) => isText(bytes.subarray(0, bytes.length - cut)));
}

import { isUtf8 } from "node:buffer";
import { inflated, isCompressed, newInflation, type Inflation } from "./inflated";
import { LONGEST_RUN, runsOf, SHORTEST_RUN, withoutBreak, type Run } from "./runs";
import { partitionPoint } from "../partition-point";
import type { View } from "./view";

/** Tells most of what is no text. */
const BEGINNING = 16;
/** Tells all of what is no text, as good as. */
const LONG_BEGINNING = 1_024;

/** What base64, base64url or hexadecimal digits in a text stand for, where that is text; compressed text with them. */
export function encodedViews(source: string): readonly View[] {
  const inflation = newInflation();
  return runsOf(source).flatMap((run) =>
    partsOf(source, run).flatMap((part) => {
      const text = isReadable(part) ? textOf(source.slice(part.start, part.end), inflation) : null;
      // No part of what is encoded can be replaced by itself.
      return text === null ? [] : [{ text, place: () => part }, ...lineByLine(source, part, inflation)];
    }),
  );
}

function isReadable({ start, end }: Run): boolean {
  return end - start >= SHORTEST_RUN && end - start <= LONGEST_RUN;
}

/** The same where each line is a text of its own. */
function lineByLine(source: string, part: Run, inflation: Inflation): readonly View[] {
  const lines = linesOf(source, part);
  const texts = lines.length < 2 ? [] : lines.map(({ start, end }) => textOf(source.slice(start, end), inflation));
  if (texts.length === 0 || texts.includes(null)) return [];
  let length = 0;
  const ends = texts.map((text) => (length += (text?.length ?? 0) + 1));
  const lineAt = (offset: number): Run | undefined =>
    lines[partitionPoint(ends.length, (at) => (ends[at] ?? 0) > offset)];
  const place: View["place"] = (start, end) => ({
    start: lineAt(start)?.start ?? part.start,
    end: lineAt(end - 1)?.end ?? part.end,
  });
  return [{ text: texts.join("\n"), place }];
}

/** Whether the text holds a run that begins as a text and is too long to be read, or read whole. */
export function holdsUnreadRun(source: string): boolean {
  if (source.length <= LONGEST_RUN) return false;
  const isUnread = ({ start, end }: Run): boolean =>
    end - start > LONGEST_RUN && mayBecomeText(source.slice(start, start + LONG_BEGINNING));
  const long = runsOf(source).filter(({ start, end }) => end - start > LONGEST_RUN);
  return long.some((run) => partsOf(source, run).some(isUnread));
}

/** Where the run begins that ends a growing text and may become one that can be read; the text's length where none does. */
export function openRun(source: string): number {
  const body = withoutBreak(source);
  const digits = body.replace(/={1,2}$/, "");
  const run = runsOf(digits, 1).at(-1);
  if (run?.end !== digits.length) return source.length;
  const last = partsOf(digits, run).at(-1);
  const isOpen = last?.end === digits.length && source.length - last.start <= LONGEST_RUN;
  return isOpen && mayBecomeText(digits.slice(last.start)) ? last.start : source.length;
}

/**
 * The run's lines, as many of them joined as may be one text, however they go on: lists have lines of one width, too. What is
 * no text is a part by itself, line by line.
 */
function partsOf(source: string, run: Run): readonly Run[] {
  const lines = linesOf(source, run);
  if (lines.length < 2) return [run];
  const parts: Run[] = [];
  for (let first = 0; first < lines.length;) {
    const start = lines[first]?.start ?? run.end;
    const endOf = (count: number): number => lines[first + count - 1]?.end ?? run.end;
    const count = Math.max(
      1,
      most(lines.length - first, (joined) => mayBecomeText(source.slice(start, endOf(joined)))),
    );
    parts.push({ start, end: endOf(count) });
    first += count;
  }
  return parts;
}

/** What breaks the lines left out. */
function linesOf(source: string, { start, end }: Run): readonly Run[] {
  if (!source.slice(start, end).includes("\n")) return [{ start, end }];
  return [...source.slice(start, end).matchAll(/\S+/g)].map(({ index, 0: line }) => ({
    start: start + index,
    end: start + index + line.length,
  }));
}

/** The highest count up to `limit` of which the claim holds, that holds of all lower ones too; 0 for none. */
function most(limit: number, holds: (count: number) => boolean): number {
  if (limit === 0 || !holds(1)) return 0;
  let low = 1;
  let high = 2;
  while (high <= limit && holds(high)) [low, high] = [high, 2 * high];
  high = Math.min(high, limit + 1);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Null where the bytes are no text. */
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
  if (!/^[0-9A-Fa-f\s]+$/.test(digits)) return null;
  const bare = digits.replace(/\s/g, "");
  return bare.length % 2 === 0 ? Buffer.from(bare, "hex") : null;
}

/** Both alphabets, with line breaks and without padding. */
function fromBase64(run: string): Buffer {
  return Buffer.from(run, "base64");
}

function isText(bytes: Buffer): boolean {
  if (!isUtf8(bytes)) return false;
  for (const byte of bytes)
    if ((byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13) || byte === 0x7f) return false;
  return true;
}

/** Whether what has come so far of a run is the beginning of a text. */
function mayBecomeText(run: string): boolean {
  if (run.length > BEGINNING && !mayBecomeText(run.slice(0, BEGINNING))) return false;
  const digits = run.startsWith("0x") ? run.slice(2) : run;
  const hex = /^[0-9A-Fa-f\s]*$/.test(digits) ? Buffer.from(digits.replace(/\s/g, ""), "hex") : null;
  return [hex, fromBase64(run)].some((bytes) => bytes !== null && beginsText(bytes));
}

/** The last character may not be complete yet. */
function beginsText(bytes: Buffer): boolean {
  if (bytes.length < 2 || isCompressed(bytes)) return true;
  let end = bytes.length;
  for (let at = end - 1; at >= Math.max(0, end - 3) && (bytes[at] ?? 0) >= 0x80; at--) {
    if ((bytes[at] ?? 0) >= 0xc0) end = at;
  }
  return isText(bytes.subarray(0, end));
}

import { createJsonDecoder, type JsonDecoder } from "./json-decoder";
import type { OffsetMap } from "./offset-map";
import { partitionPoint } from "./partition-point";
import type { ReadableText, Replacement } from "./redact";

/** One string or number of the JSON, and where it is in the text made of all of them. */
interface Leaf {
  readonly start: number;
  readonly end: number;
  /** The number literal in the JSON, which only a string can take the place of; null for a string. */
  readonly number: { readonly start: number; readonly end: number } | null;
}

const SEPARATOR = "\u0000";
const NUMBER = /-?[0-9][0-9.eE+-]*/y;
const BETWEEN = /[^",0-9-]+|-/y;

/**
 * Reads JSON in a string as people write it (`"password": "..."`): its strings, member names too, are decoded, all else stays.
 * U+0000 behind every comma sees to it that nothing is found across two values by accident. What does not parse (a part of
 * a JSON text, say) is read as a whole, its escapes decoded.
 */
export function readJsonText(source: string): ReadableText {
  return isJson(source) ? openLeaves(source) : openBroken(source);
}

function isJson(source: string): boolean {
  try {
    JSON.parse(source);
    return true;
  } catch {
    return false;
  }
}

function openLeaves(source: string): ReadableText {
  const decoder = createJsonDecoder(source);
  const leaves: Leaf[] = [];
  for (let at = 0; at < source.length;) at = readToken(source, at, decoder, leaves);
  return Object.freeze({
    text: decoder.text(),
    replace: (start: number, end: number, placeholder: string) =>
      replaceInLeaves(leaves, decoder.offsets, { start, end, text: placeholder }),
  });
}

/** Reads the string, number, comma or what else begins at `at`; gives the offset behind it. */
function readToken(source: string, at: number, decoder: JsonDecoder, leaves: Leaf[]): number {
  if (source[at] === '"') return readString(at, decoder, leaves);
  if (source[at] === ",") {
    decoder.append(",", at);
    decoder.append(SEPARATOR, at + 1);
    return at + 1;
  }
  const literal = matchAt(NUMBER, source, at);
  const text = literal ?? matchAt(BETWEEN, source, at) ?? "";
  const start = decoder.length();
  decoder.append(text, at);
  const end = at + text.length;
  if (literal !== null) leaves.push({ start, end: decoder.length(), number: { start: at, end } });
  return end;
}

function readString(at: number, decoder: JsonDecoder, leaves: Leaf[]): number {
  decoder.append('"', at);
  const start = decoder.length();
  const quote = decoder.copyUntilQuote(at + 1);
  leaves.push({ start, end: decoder.length(), number: null });
  decoder.append('"', quote);
  return quote + 1;
}

function matchAt(pattern: RegExp, source: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? null;
}

/** A match over several leaves: its replacement stands in the first, the rest is cut. */
function replaceInLeaves(leaves: readonly Leaf[], offsets: OffsetMap, match: Replacement): Replacement[] {
  const replacements: Replacement[] = [];
  const first = partitionPoint(leaves.length, (index) => (leaves[index]?.end ?? 0) > match.start);
  for (let at = first; at < leaves.length; at++) {
    const leaf = leaves[at];
    if (leaf === undefined || leaf.start >= match.end) break;
    if (leaf.start === leaf.end) continue;
    replacements.push(replaceInLeaf(leaf, offsets, { ...match, text: replacements.length === 0 ? match.text : "" }));
  }
  return replacements;
}

function replaceInLeaf(leaf: Leaf, offsets: OffsetMap, match: Replacement): Replacement {
  if (leaf.number !== null) return { ...leaf.number, text: JSON.stringify(match.text) };
  const start = offsets.toSource(Math.max(leaf.start, match.start));
  return { start, end: offsets.toSource(Math.min(leaf.end, match.end)), text: escapeJson(match.text) };
}

function openBroken(source: string): ReadableText {
  const decoder = createJsonDecoder(source);
  decoder.copyAll();
  const { toSource } = decoder.offsets;
  return Object.freeze({
    text: decoder.text(),
    replace: (start: number, end: number, placeholder: string) => [
      { start: toSource(start), end: toSource(end), text: escapeJson(placeholder) },
    ],
  });
}

function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

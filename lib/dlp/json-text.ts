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

/**
 * Reads JSON in a string: its strings (member names too) decoded and its numbers, each followed by U+0000, so that nothing is
 * found across two of them by accident. What does not parse (a part of a JSON text, say) is read as a whole, its escapes decoded.
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
  let at = 0;
  while (at < source.length) {
    const start = decoder.length();
    const next = readLeaf(source, at, decoder);
    if (next === null) {
      at += 1;
      continue;
    }
    leaves.push({ start, end: decoder.length(), number: next.isNumber ? { start: at, end: next.end } : null });
    // Behind a string it stands for the closing quote, so that the string's end is before that.
    decoder.append(SEPARATOR, next.isNumber ? next.end : next.end - 1);
    at = next.end;
  }
  return Object.freeze({
    text: decoder.text(),
    replace: (start: number, end: number, placeholder: string) =>
      replaceInLeaves(leaves, decoder.offsets, { start, end, text: placeholder }),
  });
}

/** Decodes the string or number that begins at `at`; null where none does. */
function readLeaf(
  source: string,
  at: number,
  decoder: JsonDecoder,
): { readonly end: number; readonly isNumber: boolean } | null {
  if (source[at] === '"') return { end: decoder.copyUntilQuote(at + 1) + 1, isNumber: false };
  NUMBER.lastIndex = at;
  const literal = NUMBER.exec(source)?.[0];
  if (literal === undefined) return null;
  decoder.append(literal, at);
  return { end: at + literal.length, isNumber: true };
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

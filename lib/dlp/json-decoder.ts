import { escapeAt, unescaped } from "./decode/json-escapes";
import { createOffsetMap, type OffsetMap } from "./offset-map";

/** Collects decoded text and remembers where each character came from. */
export interface JsonDecoder {
  readonly offsets: OffsetMap;
  length(): number;
  text(): string;
  append(decoded: string, source: number): void;
  /** Decodes from `from` up to the string's closing quote; gives the quote's offset. */
  copyUntilQuote(from: number): number;
  copyAll(): void;
}

const PLAIN_RUN = /[^"\\]*/y;

export function createJsonDecoder(source: string): JsonDecoder {
  const offsets = createOffsetMap();
  const parts: string[] = [];
  let length = 0;
  const append = (decoded: string, from: number): void => {
    offsets.mark(length, from);
    parts.push(decoded);
    length += decoded.length;
  };
  const copy = (from: number, stopAtQuote: boolean): number => {
    let at = from;
    while (at < source.length && !(stopAtQuote && source[at] === '"')) {
      const unit = decodeUnit(source, at);
      append(unit.text, at);
      at += unit.width;
    }
    offsets.mark(length, at);
    return at;
  };
  return Object.freeze({
    offsets,
    length: () => length,
    text: () => parts.join(""),
    append,
    copyUntilQuote: (from: number) => copy(from, true),
    copyAll: () => void copy(0, false),
  });
}

/** A run of plain characters, or one escape. What only looks like an escape stands for itself. */
function decodeUnit(source: string, at: number): { readonly text: string; readonly width: number } {
  PLAIN_RUN.lastIndex = at;
  const run = PLAIN_RUN.exec(source)?.[0] ?? "";
  if (run !== "") return { text: run, width: run.length };
  const escape = escapeAt(source, at);
  return escape === "" ? { text: source.charAt(at), width: 1 } : { text: unescaped(escape), width: escape.length };
}

import { createOffsetMap } from "../offset-map";
import { referenced } from "./character-references";
import { hidesSomething, incompleteEscape, unescaped } from "./json-escapes";
import type { View } from "./view";
import { isCut, windowsAround, type Window } from "./windows";

/** Percent-escapes, character references and the escapes of JSON with what stands around them, decoded; nothing where there are none. */
export function escapeViews(source: string): readonly View[] {
  return windowsOf(source).map((window) => openWindow(source, window));
}

/** The end of a growing text as `escapeViews` would read it, an escape that is not complete left out; null where it has none. */
export function openEscapes(
  source: string,
): { readonly text: string; readonly toSource: (offset: number) => number } | null {
  const incomplete = INCOMPLETE.exec(source.slice(-LONGEST))?.[0].length ?? 0;
  const whole = source.length - Math.max(incomplete, incompleteEscape(source));
  const window = windowsOf(source.slice(0, whole)).at(-1);
  if (window !== undefined && window.end === whole) {
    const { text, toSource } = decodeWindow(source, window);
    return { text, toSource };
  }
  if (whole === source.length) return null;
  const start = Math.max(0, whole - REACH);
  return { text: source.slice(start, whole), toSource: (offset) => start + offset };
}

/** What stands before an escape that is not complete yet, and may belong to a match. */
const REACH = 128;
const LONGEST = 12;
const ESCAPE =
  /%[0-9A-Fa-f]{2}|&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,7});|\\(?:u[0-9A-Fa-f]{4}|["/bfnrt])|(?:\\\\)+/g;
/** Of an escape, or of a character in UTF-8 that several escapes make. */
const INCOMPLETE =
  /(?:%[cd][0-9a-f]|%e[0-9a-f](?:%[89ab][0-9a-f])?|%f[0-7](?:%[89ab][0-9a-f]){0,2})?(?:%[0-9a-f]?)?$|&(?:#(?:[0-9]{0,7}|x[0-9a-f]{0,6})|[a-z]{0,7})?$/i;

function windowsOf(source: string): readonly Window[] {
  return /[%&\\]/.test(source) ? windowsAround(source, hidingEscapes(source)) : [];
}

function* hidingEscapes(source: string): Generator<RegExpExecArray> {
  for (const escape of source.matchAll(ESCAPE)) if (hidesSomething(source, escape.index, escape[0])) yield escape;
}

function openWindow(source: string, window: Window): View {
  const { text, toSource } = decodeWindow(source, window);
  const undecoded = (window.places[0]?.index ?? 0) - window.start;
  return {
    text,
    place(start, end) {
      // What ends before the first escape is read in the text itself, with all that stands before it.
      if (end <= undecoded || isCut(source, window, text.length, start, end)) return null;
      return { start: toSource(start), end: toSource(end) };
    },
  };
}

function decodeWindow(source: string, { start, end, places: escapes }: Window) {
  const offsets = createOffsetMap();
  offsets.mark(0, start);
  const parts: string[] = [];
  let length = 0;
  let at = start;
  const append = (text: string, from: number, behind: number): void => {
    offsets.mark(length, from);
    parts.push(text);
    length += text.length;
    offsets.mark(length, behind);
    at = behind;
  };
  for (let next = 0; next < escapes.length;) {
    const { index, text, count } = decodeAt(escapes, next);
    append(source.slice(at, index), at, index);
    const last = escapes[next + count - 1];
    append(text, index, last === undefined ? index : last.index + last[0].length);
    next += count;
  }
  append(source.slice(at, end), at, end);
  return { text: parts.join(""), toSource: offsets.toSource };
}

/** One character, and how many escapes it is made of. */
function decodeAt(escapes: readonly RegExpExecArray[], first: number) {
  const escape = escapes[first];
  if (escape === undefined) return { index: 0, text: "", count: 1 };
  const [written] = escape;
  if (written.startsWith("&")) return { index: escape.index, text: referenced(written), count: 1 };
  if (written.startsWith("\\")) return { index: escape.index, text: unescaped(written), count: 1 };
  const bytes = [byteOf(written)];
  for (let more = widthOf(bytes[0] ?? 0) - 1; more > 0; more -= 1) {
    const next = escapes[first + bytes.length];
    if (next?.index !== escape.index + 3 * bytes.length || !next[0].startsWith("%")) break;
    bytes.push(byteOf(next[0]));
  }
  const text = Buffer.from(bytes).toString("utf8");
  return text.includes("\ufffd")
    ? { index: escape.index, text: String.fromCharCode(bytes[0] ?? 0), count: 1 }
    : { index: escape.index, text, count: bytes.length };
}

function byteOf(written: string): number {
  return parseInt(written.slice(1), 16);
}

/** Bytes of the UTF-8 character that begins with this one. */
function widthOf(lead: number): number {
  if (lead < 0xc0) return 1;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

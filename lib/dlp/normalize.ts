import { createOffsetMap } from "./offset-map";

/** A text as detectors see it, and the way back. */
export interface NormalizedText {
  readonly text: string;
  /** From an offset in `text` to the offset in the original. */
  readonly toSource: (offset: number) => number;
}

/** Invisible characters that split a secret for a pattern and not for a reader. */
const DROPPED: readonly (readonly [from: number, to: number])[] = [
  [0x00ad, 0x00ad], // soft hyphen
  [0x034f, 0x034f], // combining grapheme joiner
  [0x061c, 0x061c], // Arabic letter mark
  [0x180b, 0x180f], // Mongolian selectors
  [0x200b, 0x200f], // zero-width space and joiners, direction marks
  [0x202a, 0x202e], // direction embeddings
  [0x2060, 0x206f], // word joiner, invisible operators, isolates
  [0xfe00, 0xfe0f], // variation selectors
  [0xfeff, 0xfeff], // zero-width no-break space
];

/** Look-alikes: a range of characters and the first character of what it stands for. */
const REPLACED: readonly (readonly [from: number, to: number, target: number])[] = [
  [0xff01, 0xff5e, 0x21], // full-width ASCII
  [0x0660, 0x0669, 0x30], // Arabic-Indic digits
  [0x06f0, 0x06f9, 0x30],
  [0x0966, 0x096f, 0x30], // Devanagari digits
];
const SPACES = [0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x202f, 0x205f, 0x3000]; // prettier-ignore
const DASHES = [0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2043, 0x2212, 0xfe58, 0xfe63];

/** Surrogate pairs: mathematical digits (five alphabets of ten) and invisible tag characters. */
const MATH_HIGH = 0xd835;
const MATH_DIGITS_FROM = 0xdfce;
const TAG_HIGH = 0xdb40;

const UNUSUAL =
  /[\xa0\xad\u034f\u061c\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u1680\u180b-\u180f\u2000-\u2015\u202a-\u202f\u2043\u205f-\u206f\u2212\u3000\ufe00-\ufe0f\ufe58\ufe63\ufeff\uff01-\uff5e\ud835\udb40]/;

const DROP = 0xffff;
const TABLE = buildTable();

/** Text without look-alikes gives the same string and an identity. */
export function normalize(source: string): NormalizedText {
  if (!UNUSUAL.test(source)) return { text: source, toSource: (offset) => offset };
  const units = new Uint16Array(source.length);
  const offsets = createOffsetMap();
  let written = 0;
  let read = 0;
  while (read < source.length) {
    const unit = normalUnit(source, read);
    if (unit.code !== DROP) units[written++] = unit.code;
    read += unit.width;
    if (unit.code === DROP || unit.width > 1) offsets.mark(written, read);
  }
  return { text: decodeUnits(units.subarray(0, written)), toSource: offsets.toSource };
}

function normalUnit(source: string, at: number): { readonly code: number; readonly width: number } {
  const code = source.charCodeAt(at);
  const next = source.charCodeAt(at + 1);
  if (code === MATH_HIGH && next >= MATH_DIGITS_FROM && next <= 0xdfff) {
    return { code: 0x30 + ((next - MATH_DIGITS_FROM) % 10), width: 2 };
  }
  if (code === TAG_HIGH && next >= 0xdc00 && next <= 0xddef) return { code: DROP, width: 2 };
  return { code: TABLE[code] ?? code, width: 1 };
}

function buildTable(): Uint16Array {
  const table = Uint16Array.from({ length: 0x1_0000 }, (_, code) => code);
  for (const [from, to] of DROPPED) table.fill(DROP, from, to + 1);
  for (const [from, to, target] of REPLACED)
    for (let code = from; code <= to; code++) table[code] = target + code - from;
  for (const code of SPACES) table[code] = 0x20;
  for (const code of DASHES) table[code] = 0x2d;
  return table;
}

/** Lone surrogates survive, as they do in a JavaScript string. */
function decodeUnits(units: Uint16Array): string {
  const parts: string[] = [];
  for (let at = 0; at < units.length; at += 8_192) parts.push(String.fromCharCode(...units.subarray(at, at + 8_192)));
  return parts.join("");
}

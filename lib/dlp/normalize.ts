import { DROP, LOOK_ALIKES, MATHEMATICAL, unusualUnits } from "./look-alikes";
import { createOffsetMap } from "./offset-map";

/** A text as detectors see it, and the way back. */
export interface NormalizedText {
  readonly text: string;
  /** From an offset in `text` to the offset in the original. */
  readonly toSource: (offset: number) => number;
}

/** Surrogate pairs: mathematical letters and digits, digits of old computers, and invisible tag characters. */
const MATH_HIGH = 0xd835;
const COMPUTING_HIGH = 0xd83e;
const COMPUTING_ZERO = 0xdff0;
const TAG_HIGH = 0xdb40;

const NOT_ASCII = /[^\0-\x7f]/;
const UNUSUAL = unusualUnits([MATH_HIGH, TAG_HIGH]);
const COMPUTING = /\ud83e[\udff0-\udff9]/;

/** Text without look-alikes gives the same string and an identity. */
export function normalize(source: string): NormalizedText {
  if (!isUnusual(source)) return { text: source, toSource: (offset) => offset };
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

function isUnusual(source: string): boolean {
  return NOT_ASCII.test(source) && (UNUSUAL.test(source) || COMPUTING.test(source));
}

function normalUnit(source: string, at: number): { readonly code: number; readonly width: number } {
  const code = source.charCodeAt(at);
  const pair = pairCode(code, source.charCodeAt(at + 1));
  return pair === 0 ? { code: LOOK_ALIKES[code] ?? code, width: 1 } : { code: pair, width: 2 };
}

/** What a surrogate pair is read as; 0 for one that stands for itself, and for what is none. */
function pairCode(high: number, low: number): number {
  if (high === MATH_HIGH && low >= 0xdc00 && low <= 0xdfff) return MATHEMATICAL[low - 0xdc00] ?? 0;
  if (high === COMPUTING_HIGH && low >= COMPUTING_ZERO && low <= COMPUTING_ZERO + 9) return 0x30 + low - COMPUTING_ZERO;
  return high === TAG_HIGH && low >= 0xdc00 && low <= 0xddef ? DROP : 0;
}

/** Lone surrogates survive, as they do in a JavaScript string. */
function decodeUnits(units: Uint16Array): string {
  const parts: string[] = [];
  for (let at = 0; at < units.length; at += 8_192) parts.push(String.fromCharCode(...units.subarray(at, at + 8_192)));
  return parts.join("");
}

import type { JsonValue } from "../../json";
import { hiddenKeys } from "../cap-event";

/** One text of a prompt or an answer, as it went on. */
export interface KeptText {
  /** `system`, `user`, `assistant`, `tool`, `definition`, `unknown`. */
  readonly role: string;
  readonly text: string;
  /** Of a text that was cut: its whole length in UTF-16 characters. */
  readonly length?: number;
}

/** What is sealed of one direction of a call. */
export interface KeptTexts {
  readonly texts: readonly KeptText[];
  /** Texts that found no room. */
  readonly omitted: number;
}

export interface PackedTexts {
  /** UTF-8 JSON of KeptTexts. */
  readonly bytes: Uint8Array;
  /** Not everything found room. */
  readonly cut: boolean;
}

/** Of a long chat its end says what was asked, and definitions of tools say it least; of an answer its beginning says most. */
export type Importance = "latest" | "first";

/** As much of the texts as `limit` bytes of UTF-8 hold, in their order; keys lose their secrets. */
export function packTexts(texts: readonly KeptText[], limit: number, importance: Importance): PackedTexts {
  const kept = new Map<number, KeptText>();
  let left = limit;
  for (const index of ranked(texts, importance)) {
    const fitted = fit(texts[index], left);
    if (fitted === null) break;
    kept.set(index, fitted);
    left -= sizeOf(fitted);
  }
  const inOrder = [...kept].sort(([one], [other]) => one - other).map(([, text]) => text);
  const omitted = texts.length - inOrder.length;
  const cut = omitted > 0 || inOrder.some(({ length }) => length !== undefined);
  return { bytes: Buffer.from(JSON.stringify({ texts: inOrder, omitted })), cut };
}

/** Null for what no `packTexts` wrote. */
export function unpackTexts(bytes: Uint8Array): KeptTexts | null {
  try {
    const value = JSON.parse(Buffer.from(bytes).toString("utf8")) as JsonValue & Partial<KeptTexts>;
    return Array.isArray(value.texts) ? { texts: value.texts, omitted: value.omitted ?? 0 } : null;
  } catch {
    return null;
  }
}

function ranked(texts: readonly KeptText[], importance: Importance): readonly number[] {
  const indexes = [...texts.keys()];
  if (importance === "first") return indexes;
  const isDefinition = (index: number): boolean => texts[index]?.role === "definition";
  return [...indexes.filter((index) => !isDefinition(index)).reverse(), ...indexes.filter(isDefinition)];
}

/** The text, its beginning with the length of the whole, or null when there is no room for either. */
function fit(text: KeptText | undefined, left: number): KeptText | null {
  if (text === undefined) return null;
  const whole = { ...text, text: hiddenKeys(text.text.slice(0, left + KEY_ROOM)) };
  if (text.text.length <= left && sizeOf(whole) <= left) return whole;
  const length = text.length ?? text.text.length;
  let size = Math.min(whole.text.length, left - OVERHEAD);
  while (size > 0) {
    const shorter = { ...whole, text: whole.text.slice(0, size), length };
    const over = sizeOf(shorter) - left;
    if (over <= 0) return shorter;
    size -= Math.max(1, Math.ceil(over / LARGEST_CHARACTER));
  }
  return null;
}

/** A key that the end of the room cuts in two is seen whole. */
const KEY_ROOM = 64;
/** Of the JSON around a text. */
const OVERHEAD = 40;
/** Bytes of JSON that one UTF-16 character takes at most: `\u0000`. */
const LARGEST_CHARACTER = 6;

function sizeOf(text: KeptText): number {
  return Buffer.byteLength(JSON.stringify(text)) + 1;
}

import { Denial } from "../denial";
import { BACKSLASH } from "./json-tokens";

/** Refuses a second member of one name, object by object, while a scan goes through nested objects. */
export interface MemberNames {
  openObject(): void;
  closeObject(): void;
  /** The name between `start` and `end`, quotes excluded. Throws Denial `duplicate_key`. */
  add(start: number, end: number): void;
}

/** Objects of so many plain names are compared byte by byte, and nothing is allocated for them. */
const SMALL = 8;

interface OpenObject {
  /** Where this object's offsets begin in the shared list. */
  readonly base: number;
  /** Takes over once names are many, or need unescaping to be compared. */
  texts: Set<string> | null;
}

export function memberNames(bytes: Uint8Array): MemberNames {
  const open: OpenObject[] = [];
  /** Start and end of each name, objects on top of one another. */
  const offsets: number[] = [];

  function add(start: number, end: number): void {
    const object = open[open.length - 1];
    if (!object) return;
    const few = offsets.length - object.base < SMALL * 2;
    if (object.texts === null && few && isPlain(bytes, start, end)) addPlain(object.base, start, end);
    else addText((object.texts ??= textsSoFar(object.base)), start, end);
  }

  function addPlain(base: number, start: number, end: number): void {
    for (let at = base; at < offsets.length; at += 2) {
      if (sameBytes(bytes, offsets[at] ?? 0, offsets[at + 1] ?? 0, start, end)) throw duplicateKey();
    }
    offsets.push(start, end);
  }

  function addText(texts: Set<string>, start: number, end: number): void {
    const before = texts.size;
    if (texts.add(nameText(bytes, start, end)).size === before) throw duplicateKey();
  }

  function textsSoFar(base: number): Set<string> {
    const texts = new Set<string>();
    for (let at = base; at < offsets.length; at += 2) {
      texts.add(nameText(bytes, offsets[at] ?? 0, offsets[at + 1] ?? 0));
    }
    return texts;
  }

  return {
    openObject: () => void open.push({ base: offsets.length, texts: null }),
    closeObject: () => void (offsets.length = open.pop()?.base ?? 0),
    add,
  };
}

/** The member name between two offsets, unescaped. */
export function nameText(bytes: Uint8Array, start: number, end: number): string {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
  return raw.includes("\\") ? (JSON.parse(`"${raw}"`) as string) : raw;
}

function duplicateKey(): Denial {
  return new Denial("invalid_body", { reason: "duplicate_key" });
}

/** Plain names are equal exactly when their bytes are: UTF-8 has one form, and nothing is escaped. */
function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] === BACKSLASH) return false;
  return true;
}

function sameBytes(bytes: Uint8Array, start: number, end: number, otherStart: number, otherEnd: number): boolean {
  if (end - start !== otherEnd - otherStart) return false;
  for (let at = 0; start + at < end; at += 1) if (bytes[start + at] !== bytes[otherStart + at]) return false;
  return true;
}

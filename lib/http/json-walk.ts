import * as json from "./json-tokens";
import { nameText } from "./member-names";

/** Called for each member with the offsets of its name's opening quote and of its value; returns the byte after the value. */
export type VisitMember = (name: string, nameAt: number, valueAt: number) => number;
/** Called for each item with its offset; returns the byte after it. */
export type VisitItem = (index: number, at: number) => number;

/** The byte after the value at `at`, which must be grammatical JSON. Not recursive. */
export function endOfValue(bytes: Uint8Array, at: number): number {
  if (!opens(bytes[at])) return json.endOfScalar(bytes, at);
  let depth = 0;
  let here = at;
  do {
    const byte = bytes[here];
    if (byte === undefined) throw json.invalidJson();
    if (byte === json.QUOTE) here = json.closingQuote(bytes, here + 1);
    else if (opens(byte)) depth += 1;
    else if (byte === json.CLOSE_OBJECT || byte === json.CLOSE_ARRAY) depth -= 1;
    here += 1;
  } while (depth > 0);
  return here;
}

function opens(byte: number | undefined): boolean {
  return byte === json.OPEN_OBJECT || byte === json.OPEN_ARRAY;
}

/** Visits the members of the object at `at`, in order; the byte after the object. */
export function walkObject(bytes: Uint8Array, at: number, visit: VisitMember): number {
  let start = json.skipBlank(bytes, at + 1);
  while (bytes[start] === json.QUOTE) {
    const quote = json.closingQuote(bytes, start + 1);
    const colon = json.skipBlank(bytes, quote + 1);
    const end = visit(nameText(bytes, start + 1, quote), start, json.skipBlank(bytes, colon + 1));
    start = afterComma(bytes, end);
  }
  return start + 1;
}

/** Visits the items of the array at `at`, in order; the byte after the array. */
export function walkArray(bytes: Uint8Array, at: number, visit: VisitItem): number {
  let item = json.skipBlank(bytes, at + 1);
  for (let index = 0; bytes[item] !== json.CLOSE_ARRAY; index += 1) {
    item = afterComma(bytes, visit(index, item));
  }
  return item + 1;
}

/** Where the next member or item starts, or the closing bracket. */
function afterComma(bytes: Uint8Array, end: number): number {
  const at = json.skipBlank(bytes, end);
  return bytes[at] === json.COMMA ? json.skipBlank(bytes, at + 1) : at;
}

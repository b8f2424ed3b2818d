import type { JsonPath } from "../json";
import { OPEN_ARRAY, OPEN_OBJECT, skipBlank } from "./json-tokens";
import { endOfValue, walkArray, walkObject } from "./json-walk";

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Leaves `[]` of the arrays at these paths, and every other byte as it was; what is not there or no array is left alone. */
export function emptyArrays(bytes: Uint8Array, paths: readonly JsonPath[]): Uint8Array {
  const found: Range[] = [];
  for (const path of paths) collectArrays(bytes, skipBlank(bytes, 0), path, found);
  if (found.length === 0) return bytes;
  const parts: Uint8Array[] = [];
  let kept = 0;
  for (const { start, end } of found.sort((one, other) => one.start - other.start)) {
    if (start < kept) continue;
    parts.push(bytes.subarray(kept, start), Buffer.from("[]"));
    kept = end;
  }
  return Buffer.concat([...parts, bytes.subarray(kept)]);
}

/** Adds the arrays that the path leads to from the value at `at`; gives the byte after that value. */
function collectArrays(bytes: Uint8Array, at: number, path: JsonPath, found: Range[]): number {
  const [step, ...rest] = path;
  const within = (name: string | number, value: number): number =>
    name === step ? collectArrays(bytes, value, rest, found) : endOfValue(bytes, value);
  if (step === undefined) return collectArray(bytes, at, found);
  if (bytes[at] === OPEN_OBJECT) return walkObject(bytes, at, (name, _, value) => within(name, value));
  if (bytes[at] === OPEN_ARRAY) return walkArray(bytes, at, within);
  return endOfValue(bytes, at);
}

function collectArray(bytes: Uint8Array, at: number, found: Range[]): number {
  const end = endOfValue(bytes, at);
  if (bytes[at] === OPEN_ARRAY) found.push({ start: at, end });
  return end;
}

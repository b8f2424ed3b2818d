import type { JsonPath } from "../json";
import { OPEN_ARRAY, OPEN_OBJECT, skipBlank } from "./json-tokens";
import { endOfValue, walkArray, walkObject } from "./json-walk";

/** A path that leads on from here, and which of the paths it is. */
interface Wanted {
  readonly path: JsonPath;
  readonly index: number;
}

/**
 * The JSON of the values at `paths` as the document has it: white space, escapes and digits of numbers as they were written.
 * The last one where a name is there twice; undefined where a path leads nowhere. `bytes` must be grammatical JSON.
 */
export function rawValues(bytes: Uint8Array, paths: readonly JsonPath[]): readonly (string | undefined)[] {
  const raw: (string | undefined)[] = paths.map(() => undefined);
  const wanted = paths.map((path, index) => ({ path, index }));
  readValues(bytes, skipBlank(bytes, 0), wanted, 0, raw);
  return raw;
}

/** Goes down only where something is wanted; the byte after the value at `at`. */
function readValues(
  bytes: Uint8Array,
  at: number,
  wanted: readonly Wanted[],
  depth: number,
  raw: (string | undefined)[],
): number {
  const here = wanted.filter(({ path }) => path.length === depth);
  if (here.length > 0 || wanted.length === 0) {
    const end = endOfValue(bytes, at);
    for (const { index } of here) raw[index] = Buffer.from(bytes.subarray(at, end)).toString("utf8");
    return end;
  }
  const below = byStep(wanted, depth);
  const within = (step: string | number, value: number): number =>
    readValues(bytes, value, below.get(step) ?? [], depth + 1, raw);
  if (bytes[at] === OPEN_OBJECT) return walkObject(bytes, at, (name, _, value) => within(name, value));
  if (bytes[at] === OPEN_ARRAY) return walkArray(bytes, at, within);
  return endOfValue(bytes, at);
}

function byStep(wanted: readonly Wanted[], depth: number): ReadonlyMap<string | number, readonly Wanted[]> {
  const groups = new Map<string | number, Wanted[]>();
  for (const one of wanted) {
    const step = one.path[depth];
    if (step === undefined) continue;
    const group = groups.get(step);
    if (group === undefined) groups.set(step, [one]);
    else group.push(one);
  }
  return groups;
}

import type { JsonPath } from "../../lib/json";

/** A mapping inside a document that nobody has checked yet. */
export interface Entry {
  readonly path: JsonPath;
  readonly value: Readonly<Record<string, unknown>>;
}

/** The mapping there, or the mappings in the list there; nothing when there is something else. */
export function entriesAt(root: unknown, path: JsonPath): readonly Entry[] {
  const found = path.reduce<unknown>((at, step) => (isMapping(at) ? at[step] : undefined), root);
  if (isMapping(found)) return [{ path, value: found }];
  if (!Array.isArray(found)) return [];
  return found.flatMap((value: unknown, index) => (isMapping(value) ? [{ path: [...path, index], value }] : []));
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

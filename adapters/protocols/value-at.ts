import { isJsonArray, isJsonObject, member, type JsonPath, type JsonValue } from "../../lib/json";

/** The value at a path, or undefined where the path leads nowhere. */
export function valueAt(root: JsonValue, path: JsonPath): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(childOf, root);
}

export function childOf(value: JsonValue | undefined, step: string | number): JsonValue | undefined {
  if (typeof step === "number") return isJsonArray(value) ? value[step] : undefined;
  return isJsonObject(value) ? member(value, step) : undefined;
}

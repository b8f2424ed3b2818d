import { isJsonArray, isJsonObject, member, type JsonObject, type JsonValue } from "../../../lib/json";

/** The objects of an array; none for anything else. */
export function objectsIn(value: JsonValue | undefined): readonly JsonObject[] {
  return isJsonArray(value) ? value.filter((item) => isJsonObject(item)) : [];
}

/** `content` as people read it: a string, or the texts of its parts by line. */
export function plainText(content: JsonValue | undefined): string {
  if (typeof content === "string") return content;
  return objectsIn(content)
    .map((part) => member(part, "text"))
    .filter((text) => typeof text === "string")
    .join("\n");
}

/** A string member, or the empty string. */
export function wordOf(object: JsonObject, name: string): string {
  const value = member(object, name);
  return typeof value === "string" ? value : "";
}

/** An error as OpenAI's API words it. */
export function openaiError(message: string): JsonObject {
  return { error: { message, type: "invalid_request_error", param: null, code: null } };
}

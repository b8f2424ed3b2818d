import { parseStrictJson, type JsonDocument } from "../../lib/http/strict-json";
import type { JsonObject } from "../../lib/json";

/** A body as it arrives: written out, and read by the strict scan. */
export function documentOf(value: JsonObject): JsonDocument {
  return parseStrictJson(Buffer.from(JSON.stringify(value)));
}

import { isUtf8 } from "node:buffer";
import { Denial } from "../denial";
import { isJsonObject, type JsonObject, type JsonValue } from "../json";
import { invalidJson } from "./json-tokens";
import { scanJson } from "./scan-json";

/** A body that was judged: its bytes, and the one value that every later stage sees. */
export interface JsonDocument {
  readonly bytes: Uint8Array;
  readonly value: JsonObject;
}

/**
 * Reads JSON so that no other parser can see something else in the same bytes: valid UTF-8 without a byte order mark,
 * RFC 8259, no duplicate member names, at most 64 levels, no trailing data. Lone surrogate escapes are legal in text.
 *
 * Throws Denial `invalid_body` with reason `invalid_utf8`, `invalid_json`, `duplicate_key` or `too_deep`.
 */
export function parseStrictValue(bytes: Uint8Array): JsonValue {
  if (!isUtf8(bytes) || startsWithByteOrderMark(bytes)) throw new Denial("invalid_body", { reason: "invalid_utf8" });
  scanJson(bytes);
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8")) as JsonValue;
}

/** As `parseStrictValue`; a root that is not an object is `invalid_json`. */
export function parseStrictJson(bytes: Uint8Array): JsonDocument {
  const value = parseStrictValue(bytes);
  if (!isJsonObject(value)) throw invalidJson();
  return { bytes, value };
}

function startsWithByteOrderMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

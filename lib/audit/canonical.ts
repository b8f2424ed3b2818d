import { isJsonArray, isJsonObject, member, type JsonValue } from "../json";
import type { AuditRecord } from "./record";

/**
 * The canonical form of a value, format 1: JSON without white space; members sorted by the UTF-16 code units of their
 * names; numbers and strings as ECMAScript's JSON.stringify writes them, so that a lone surrogate is an escape and no
 * information is lost. Two values have the same form only if they are equal.
 */
export function canonicalJson(value: JsonValue): string {
  if (isJsonArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (isJsonObject(value))
    return `{${Object.keys(value)
      .sort()
      .map((name) => pair(name, value))
      .join(",")}}`;
  return JSON.stringify(value);
}

function pair(name: string, object: Readonly<Record<string, JsonValue | undefined>>): string {
  return `${JSON.stringify(name)}:${canonicalJson(member(object, name) ?? null)}`;
}

/** What the chain covers and the trail keeps: the canonical form of a capped record, in UTF-8. One line of an export. */
export function canonicalBytes(record: AuditRecord): Uint8Array {
  return Buffer.from(canonicalJson(record as unknown as JsonValue), "utf8");
}

/** The record in canonical bytes. Throws SyntaxError when they are not JSON. */
export function parseRecord(bytes: Uint8Array): AuditRecord {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8")) as AuditRecord;
}

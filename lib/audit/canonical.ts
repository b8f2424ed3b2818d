import { isJsonArray, isJsonObject, member, type JsonValue } from "../json";
import { EVENT_MEMBERS, type AuditRecord } from "./record";

/**
 * The canonical form of a value, format 1: JSON without white space; members sorted by the UTF-16 code units of their
 * names; numbers and strings as ECMAScript's JSON.stringify writes them, so that a lone surrogate is an escape and no
 * information is lost. Two values have the same form only if they are equal.
 */
export function canonicalJson(value: JsonValue): string {
  if (value === null) return "null";
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

/** The members of a record in their order, each with the text before its value. */
const MEMBERS = [...EVENT_MEMBERS, "v" as const, "node" as const, "boot" as const, "seq" as const]
  .sort()
  .map((name, index) => ({ name, lead: `${index === 0 ? "{" : ","}"${name}":` }));

/** What the chain covers and the trail keeps: the canonical form of a capped record, in UTF-8. One line of an export. */
export function canonicalBytes(record: AuditRecord): Uint8Array {
  let text = "";
  for (const { name, lead } of MEMBERS) text += lead + canonicalJson(record[name] as JsonValue);
  return Buffer.from(`${text}}`, "utf8");
}

/** The record in canonical bytes. Throws SyntaxError when they are not JSON. */
export function parseRecord(bytes: Uint8Array): AuditRecord {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8")) as AuditRecord;
}

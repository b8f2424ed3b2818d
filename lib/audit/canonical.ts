import { ConfigurationError } from "../denial";
import { isJsonArray, isJsonObject, member, type JsonValue } from "../json";
import { RECORD_VERSION, type AuditEvent, type AuditRecord } from "./record";

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
  return form(value);
}

function pair(name: string, object: Readonly<Record<string, JsonValue | undefined>>): string {
  return `${quoted(name)}:${canonicalJson(member(object, name) ?? null)}`;
}

/** Of a member of a record, which is plain JSON. */
function form(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") return quoted(value);
  if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))) return String(value);
  return typeof value === "object" ? canonicalJson(value as JsonValue) : JSON.stringify(value);
}

/** Nothing in it that JSON writes otherwise. */
const PLAIN = /^[ !#-[\]-~]*$/;

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** A record's canonical form without the digits of its position, which stand between the two. */
export interface CanonicalFrame {
  readonly before: string;
  readonly after: string;
}

/**
 * The form of the record that a capped event becomes. Written out, member by member in their order: going through their
 * names takes three times as long.
 */
export function canonicalFrame(w: Pick<AuditRecord, "node" | "boot">, e: AuditEvent): CanonicalFrame {
  const before =
    `{"at":${form(e.at)},"boot":${form(w.boot)},"bothHeaders":${form(e.bothHeaders)}` +
    `,"bytesIn":${form(e.bytesIn)},"bytesOut":${form(e.bytesOut)},"change":${form(e.change)}` +
    `,"checkpoint":${form(e.checkpoint)},"clientRequestId":${form(e.clientRequestId)}` +
    `,"clientSessionId":${form(e.clientSessionId)},"content":${form(e.content)},"count":${form(e.count)}` +
    `,"credential":${form(e.credential)},"decision":${form(e.decision)},"detail":${form(e.detail)}` +
    `,"digestIn":${form(e.digestIn)},"digestOut":${form(e.digestOut)},"dlp":${form(e.dlp)}` +
    `,"durationMs":${form(e.durationMs)},"epoch":${form(e.epoch)},"inputTokens":${form(e.inputTokens)}` +
    `,"keyId":${form(e.keyId)},"kind":${form(e.kind)},"method":${form(e.method)},"model":${form(e.model)}` +
    `,"node":${form(w.node)},"operation":${form(e.operation)},"organization":${form(e.organization)}` +
    `,"outcome":${form(e.outcome)},"outputTokens":${form(e.outputTokens)},"path":${form(e.path)}` +
    `,"protocol":${form(e.protocol)},"reason":${form(e.reason)},"requestId":${form(e.requestId)}` +
    `,"rule":${form(e.rule)},"seq":`;
  const after =
    `,"source":${form(e.source)},"staleAuth":${form(e.staleAuth)},"status":${form(e.status)}` +
    `,"stream":${form(e.stream)},"upstream":${form(e.upstream)},"upstreamRequestId":${form(e.upstreamRequestId)}` +
    `,"upstreamStatus":${form(e.upstreamStatus)},"user":${form(e.user)},"userAgent":${form(e.userAgent)}` +
    `,"v":${RECORD_VERSION}}`;
  return { before, after };
}

/** What the chain covers and the trail keeps: the canonical form of a capped record, in UTF-8. One line of an export. */
export function canonicalBytes(record: AuditRecord): Uint8Array {
  const { before, after } = canonicalFrame(record, record);
  return Buffer.from(`${before}${record.seq}${after}`, "utf8");
}

/** The record in canonical bytes. Throws ConfigurationError `record_unreadable` when they are not JSON, or no bytes. */
export function parseRecord(bytes: Uint8Array): AuditRecord {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8")) as AuditRecord;
  } catch {
    // What the bytes are is not said: an error of JSON.parse quotes them.
    throw new ConfigurationError(
      "record_unreadable",
      "A record of the audit trail is none: `llm-gate audit verify` says which.",
    );
  }
}

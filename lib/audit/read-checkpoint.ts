import { isJsonArray, isJsonObject, member, type JsonValue } from "../json";
import type { ChainHead } from "../ports/audit-log";
import type { SignedCheckpoint } from "./checkpoint";

/** A signed checkpoint as parsed JSON gives it; null when it is none. */
export function readCheckpoint(value: JsonValue): SignedCheckpoint | null {
  if (!isJsonObject(value)) return null;
  const text = (name: string): string | null => asText(member(value, name));
  const [origin, at, node, boot] = [text("origin"), text("at"), text("node"), text("boot")];
  const [previous, keyId, signature] = [text("previous"), text("keyId"), text("signature")];
  const number = asPosition(member(value, "number"));
  const heads = readHeads(member(value, "heads"));
  if (origin === null || at === null || node === null || boot === null) return null;
  if (previous === null || keyId === null || signature === null || number === null || heads === null) return null;
  return Object.freeze({ origin, number, at, node, boot, previous, heads, keyId, signature });
}

/** The places in chains that a signed text names; null when they are none. */
export function readHeads(value: JsonValue | undefined): readonly ChainHead[] | null {
  if (value === undefined || !isJsonArray(value)) return null;
  const heads = value.map(readHead).filter((head) => head !== null);
  return heads.length === value.length ? Object.freeze(heads) : null;
}

function readHead(value: JsonValue): ChainHead | null {
  if (!isJsonObject(value)) return null;
  const [node, boot] = [asText(member(value, "node")), asText(member(value, "boot"))];
  const [seq, hash] = [asPosition(member(value, "seq")), asText(member(value, "hash"))];
  return node === null || boot === null || seq === null || hash === null ? null : { node, boot, seq, hash };
}

function asText(value: JsonValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}

function asPosition(value: JsonValue | undefined): number | null {
  return Number.isSafeInteger(value) ? (value as number) : null;
}

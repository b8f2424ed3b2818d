import { sign, verify, type KeyObject } from "node:crypto";
import { isJsonObject, member, type JsonValue } from "../json";
import type { ChainHead } from "../ports/audit-log";
import { canonicalJson, parseRecord } from "./canonical";
import type { CheckpointSigner } from "./checkpoint";
import { readHeads } from "./read-checkpoint";

/** What says that the beginnings of chains were dropped on purpose, and vouches for where they begin now. */
export interface PruneNote {
  /** The trail's, as in its checkpoints. */
  readonly origin: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  /** The checkpoint that covered what was dropped, and stays: its number, and the hash that the next one names. */
  readonly checkpoint: { readonly number: number; readonly hash: string };
  /** The last record that was dropped of every chain that does not begin with its first any more, by node. */
  readonly cuts: readonly ChainHead[];
}

export interface SignedPruneNote extends PruneNote {
  readonly keyId: string;
  /** Ed25519 over the signed text, base64. */
  readonly signature: string;
}

export const PRUNE_OPERATION = "audit.prune";

/** The first line of the signed text, so that no signature of something else passes for one. */
const PRUNE_DOMAIN = "express-llm-gate/prune/1";

/** What is signed: the domain, a line feed, then the canonical JSON of all members but the signature; UTF-8. */
export function pruneText({ origin, at, checkpoint, cuts, keyId }: Omit<SignedPruneNote, "signature">): Uint8Array {
  const { number, hash } = checkpoint;
  const stated = cuts.map((cut) => ({ node: cut.node, boot: cut.boot, seq: cut.seq, hash: cut.hash }));
  const body = canonicalJson({ origin, at, checkpoint: { number, hash }, cuts: stated, keyId });
  return Buffer.from(`${PRUNE_DOMAIN}\n${body}`, "utf8");
}

export function signPruneNote(note: PruneNote, { keyId, privateKey }: CheckpointSigner): SignedPruneNote {
  const cuts = [...note.cuts].sort((a, b) => (a.node < b.node ? -1 : 1));
  const unsigned = { ...note, cuts, keyId };
  return Object.freeze({ ...unsigned, signature: sign(null, pruneText(unsigned), privateKey).toString("base64") });
}

/** Without keys no signature is checked, as with checkpoints. */
export function isPruneNoteGood(note: SignedPruneNote, keys: ReadonlyMap<string, KeyObject>): boolean {
  if (keys.size === 0) return true;
  const key = keys.get(note.keyId);
  return key !== undefined && verify(null, pruneText(note), key, Buffer.from(note.signature, "base64"));
}

/** The note in the bytes of a record; null when they are not of a prune. */
export function pruneNoteIn(bytes: unknown): SignedPruneNote | null {
  if (!(bytes instanceof Uint8Array)) return null;
  try {
    const { operation, change } = parseRecord(bytes);
    return operation === PRUNE_OPERATION ? readPruneNote((change?.after ?? null) as JsonValue) : null;
  } catch {
    return null;
  }
}

function readPruneNote(value: JsonValue): SignedPruneNote | null {
  if (!isJsonObject(value)) return null;
  const [origin, at, keyId, signature] = ["origin", "at", "keyId", "signature"].map((name) => member(value, name));
  const checkpoint = readCovering(member(value, "checkpoint"));
  const cuts = readHeads(member(value, "cuts"));
  if (typeof origin !== "string" || typeof at !== "string" || checkpoint === null || cuts === null) return null;
  if (typeof keyId !== "string" || typeof signature !== "string") return null;
  return Object.freeze({ origin, at, checkpoint, cuts, keyId, signature });
}

function readCovering(value: JsonValue | undefined): PruneNote["checkpoint"] | null {
  if (value === undefined || !isJsonObject(value)) return null;
  const [number, hash] = [member(value, "number"), member(value, "hash")];
  return Number.isSafeInteger(number) && typeof hash === "string" ? { number: number as number, hash } : null;
}

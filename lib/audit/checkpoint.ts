import { createHash, sign, verify, type KeyObject } from "node:crypto";
import type { ChainHead } from "../ports/audit-log";
import { canonicalJson } from "./canonical";

/** Where every chain of a trail stood at one moment. */
export interface Checkpoint {
  /** Which trail: made up for its first checkpoint, and the same in all that follow. */
  readonly origin: string;
  /** Position among the trail's checkpoints, from 1. */
  readonly number: number;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  /** Who wrote it. Its record comes right after this node's head. */
  readonly node: string;
  readonly boot: string;
  /** SHA-256 (hex) of the signed text of the checkpoint before; 64 zeros for the first. */
  readonly previous: string;
  /** In the order of the nodes' names. */
  readonly heads: readonly ChainHead[];
}

export interface SignedCheckpoint extends Checkpoint {
  /** The first 16 hex digits of the SHA-256 of the 32 bytes of the public key. */
  readonly keyId: string;
  /** Ed25519 over the signed text, base64. */
  readonly signature: string;
}

/** The first line of every signed text, so that no signature of something else passes for one. */
export const CHECKPOINT_DOMAIN = "express-llm-gate/checkpoint/1";

export const NO_PREVIOUS = "0".repeat(64);

/** What is signed: the domain, a line feed, then the canonical JSON of all members but the signature; UTF-8. */
export function checkpointText({ origin, number, at, node, boot, previous, heads, keyId }: Unsigned): Uint8Array {
  const stated = heads.map(({ node: name, boot: start, seq, hash }) => ({ node: name, boot: start, seq, hash }));
  const body = canonicalJson({ origin, number, at, node, boot, previous, heads: stated, keyId });
  return Buffer.from(`${CHECKPOINT_DOMAIN}\n${body}`, "utf8");
}

type Unsigned = Omit<SignedCheckpoint, "signature">;

/** What the next checkpoint names as `previous`. */
export function checkpointHash(checkpoint: Unsigned): string {
  return createHash("sha256").update(checkpointText(checkpoint)).digest("hex");
}

export interface CheckpointSigner {
  readonly keyId: string;
  readonly privateKey: KeyObject;
}

export interface CheckpointPlace {
  readonly node: string;
  readonly boot: string;
  readonly at: string;
  readonly heads: readonly ChainHead[];
  /** The trail's newest. */
  readonly previous: SignedCheckpoint | null;
}

/** The checkpoint that follows `previous`. */
export function signCheckpoint(place: CheckpointPlace, { keyId, privateKey }: CheckpointSigner): SignedCheckpoint {
  const { node, boot, at, previous } = place;
  const heads = [...place.heads].sort((a, b) => (a.node < b.node ? -1 : 1));
  const unsigned: Unsigned = {
    origin: previous?.origin ?? originOf(node, boot, at, heads),
    number: (previous?.number ?? 0) + 1,
    ...{ at, node, boot },
    previous: previous === null ? NO_PREVIOUS : checkpointHash(previous),
    ...{ heads, keyId },
  };
  const signature = sign(null, checkpointText(unsigned), privateKey).toString("base64");
  return Object.freeze({ ...unsigned, signature });
}

/** No two trails begin alike: boots are unique. */
function originOf(node: string, boot: string, at: string, heads: readonly ChainHead[]): string {
  const start = canonicalJson([node, boot, at, ...heads.map(({ hash }) => hash)]);
  return `trail-${createHash("sha256").update(start).digest("hex").slice(0, 24)}`;
}

export function isSignedBy(checkpoint: SignedCheckpoint, publicKey: KeyObject): boolean {
  return verify(null, checkpointText(checkpoint), publicKey, Buffer.from(checkpoint.signature, "base64"));
}

import type { KeyObject } from "node:crypto";
import type { ChainHead } from "../ports/audit-log";
import { checkpointHash, isSignedBy, NO_PREVIOUS, type SignedCheckpoint } from "./checkpoint";
import type { PruneNote } from "./prune-note";
import type { Place } from "./verify-range";

export type CheckpointFaultReason =
  /** The signature does not belong to the checkpoint. */
  | "bad_signature"
  /** Signed with a key that is not among those given. */
  | "unknown_key"
  /** It does not follow from the trail's checkpoint before. */
  | "checkpoint_order"
  /** The record at this position is not the one that was signed: it, or one before it, was changed and the chain made anew. */
  | "checkpoint_mismatch"
  /** The trail ends before this position, which a checkpoint covers. */
  | "cut_off"
  /** The checkpoint was taken, and the trail does not have its record. */
  | "checkpoint_missing";

export interface CheckpointFault extends Place {
  readonly reason: CheckpointFaultReason;
}

/** What the trail has at a position. */
export interface KeptLink {
  readonly boot: string;
  /** Hex. */
  readonly hash: string;
}

/** A record as a checkpoint is held to it. */
export interface KeptRow extends KeptLink {
  /** When the record says that it was made. */
  readonly at: string;
}

export interface CheckpointContext {
  /** Empty: signatures are not checked. */
  readonly keys: ReadonlyMap<string, KeyObject>;
  /** Null when the trail has nothing there. */
  linkAt(node: string, seq: number): Promise<KeptLink | null>;
  /** The position of the last record of a chain; 0 when there is none. */
  lastSeq(node: string): number;
  /** The last dropped record of each chain that was pruned, by node. */
  readonly cuts: ReadonlyMap<string, ChainHead>;
}

/** Where a checkpoint's own record is: right behind the head of the node that took it. */
export function placeOfCheckpoint({ node, boot, heads }: SignedCheckpoint): Place {
  return { node, boot, seq: (heads.find((head) => head.node === node)?.seq ?? 0) + 1 };
}

/** The first thing wrong with a checkpoint, wherever it was found; null when the trail agrees with it. */
export async function checkpointFault(
  checkpoint: SignedCheckpoint,
  context: CheckpointContext,
): Promise<CheckpointFault | null> {
  const reason = signatureFault(checkpoint, context.keys);
  if (reason !== null) return { ...placeOfCheckpoint(checkpoint), reason };
  for (const { node, boot, seq, hash } of checkpoint.heads) {
    const cut = context.cuts.get(node);
    const isDropped = cut !== undefined && seq < cut.seq;
    const kept = isDropped ? { boot, hash } : cut?.seq === seq ? cut : await context.linkAt(node, seq);
    const last = context.lastSeq(node);
    if (kept === null && seq > last) return { node, boot, seq: last + 1, reason: "cut_off" };
    if (kept?.hash !== hash || kept.boot !== boot) return { node, boot, seq, reason: "checkpoint_mismatch" };
  }
  return null;
}

function signatureFault(
  checkpoint: SignedCheckpoint,
  keys: CheckpointContext["keys"],
): "bad_signature" | "unknown_key" | null {
  if (keys.size === 0) return null;
  const key = keys.get(checkpoint.keyId);
  if (key === undefined) return "unknown_key";
  return isSignedBy(checkpoint, key) ? null : "bad_signature";
}

/** Whether it is the one that a prune names. */
export function isCovering(checkpoint: SignedCheckpoint, covering: PruneNote["checkpoint"]): boolean {
  return checkpoint.number === covering.number && checkpointHash(checkpoint) === covering.hash;
}

/** Whether a checkpoint of the trail follows from the one before it. */
export function followsFrom(checkpoint: SignedCheckpoint, previous: SignedCheckpoint | null): boolean {
  if (previous === null) return checkpoint.number === 1 && checkpoint.previous === NO_PREVIOUS;
  const { number, origin } = previous;
  return (
    checkpoint.number === number + 1 && checkpoint.origin === origin && checkpoint.previous === checkpointHash(previous)
  );
}

import type { AuditLog } from "../ports/audit-log";
import type { CheckpointSigner } from "./checkpoint";
import type { PrunePlan } from "./plan-prune";
import { PRUNE_OPERATION, signPruneNote } from "./prune-note";
import { auditEvent } from "./record";
import type { ClosableTrailSource } from "./verify-trail";

export interface PruneParts {
  readonly trail: ClosableTrailSource;
  /** Has the key of the checkpoints. */
  readonly log: AuditLog;
  readonly signer: CheckpointSigner;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** Told now and then how many records are gone. */
  readonly onProgress?: (records: number, total: number) => void;
  /** What happens between two steps: a gate lets calls go first. */
  readonly rest?: () => Promise<void>;
}

/**
 * Puts the prune on record, signed, and a checkpoint over that; only then do records go. Where it is cut off in the
 * middle, the next one ends it. Gives how many went.
 */
export async function pruneTrail(parts: PruneParts, { note, records, unfinished }: PrunePlan): Promise<number> {
  const { log, now } = parts;
  const ends = new Map(unfinished);
  if (note !== null) {
    const signed = signPruneNote({ ...note, at: new Date(now).toISOString() }, parts.signer);
    const change = { subject: "audit", before: { records }, after: signed };
    await log.append([auditEvent("admin", now, { operation: PRUNE_OPERATION, change })]);
    await log.append([auditEvent("checkpoint", now, {})]);
    for (const { node, seq } of note.cuts) ends.set(node, seq);
  }
  let gone = 0;
  for (const [node, through] of ends) {
    for (;;) {
      const dropped = await parts.trail.dropSome(node, through);
      if (dropped === 0) break;
      gone += dropped;
      parts.onProgress?.(gone, records);
      await parts.rest?.();
    }
  }
  return gone;
}

import type { KeyObject } from "node:crypto";
import type { ChainHead } from "../ports/audit-log";
import { isPruneNoteGood, type SignedPruneNote } from "./prune-note";
import type { TrailSource } from "./verify-trail";

/** Where chains begin that do not begin with their first record. */
export interface PrunedChains {
  readonly note: SignedPruneNote;
  /** By node. */
  readonly cuts: ReadonlyMap<string, ChainHead>;
}

/**
 * The newest prune on record whose signature is good. Null when none is: then every chain must begin with its first record.
 * Looked for in the newest of each chain; a forged one hides none that is genuine.
 */
export async function prunedChains(
  source: TrailSource,
  heads: readonly ChainHead[],
  keys: ReadonlyMap<string, KeyObject>,
): Promise<PrunedChains | null> {
  let newest: SignedPruneNote | null = null;
  for (const { node, seq } of heads) {
    const found = await firstGood(source.pruneNotes(node, seq), keys);
    if (found !== null && found.checkpoint.number > (newest?.checkpoint.number ?? 0)) newest = found;
  }
  return newest === null ? null : { note: newest, cuts: new Map(newest.cuts.map((cut) => [cut.node, cut])) };
}

async function firstGood(
  notes: AsyncIterable<SignedPruneNote>,
  keys: ReadonlyMap<string, KeyObject>,
): Promise<SignedPruneNote | null> {
  for await (const note of notes) if (isPruneNoteGood(note, keys)) return note;
  return null;
}

import type { SignedCheckpoint } from "./checkpoint";
import type { Place } from "./verify-range";
import type { CountedHead, TrailSource } from "./verify-trail";

/**
 * What a record's time may be before that of a checkpoint which was taken before it was written: it waits in a queue or in
 * a spool, and was dated by another clock.
 */
const LATE_MS = 1_200_000;

/** As records have it: then the order of texts is that of times. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Whether a chain whose first record has the one time claims to be older than a checkpoint of the other, which lacks it. */
export function isBackdated(first: string, checkpointAt: string): boolean {
  const taken = Date.parse(checkpointAt);
  if (Number.isNaN(taken)) return false;
  return !TIME.test(first) || first < new Date(taken - LATE_MS).toISOString();
}

/** A chain that says it was there when a checkpoint, which covers all chains, did not have it. */
export interface BackdatedChain extends Place {
  readonly reason: "backdated";
}

/** Gives of each checkpoint the chains that it shows to be backdated, each chain once. */
export type FindBackdated = (checkpoint: SignedCheckpoint) => readonly BackdatedChain[];

/** Of a chain whose beginning was dropped the prune has vouched. */
export async function findBackdated(source: TrailSource, heads: readonly CountedHead[]): Promise<FindBackdated> {
  const beginnings = new Map<string, { readonly boot: string; readonly at: string }>();
  for (const { node, first } of heads) {
    const row = first === 1 ? await source.linkAt(node, 1) : null;
    if (row !== null) beginnings.set(node, row);
  }
  return ({ at, heads: covered }) => {
    const known = new Set(covered.map(({ node }) => node));
    const found = [...beginnings].filter(([node, first]) => !known.has(node) && isBackdated(first.at, at));
    for (const [node] of found) beginnings.delete(node);
    return found.map(([node, { boot }]) => ({ node, boot, seq: 1, reason: "backdated" }));
  };
}

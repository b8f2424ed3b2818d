import { MOST_STALE_MS } from "../options";
import type { NodeRecord } from "../ports/node-registry";
import type { Store } from "../ports/store";
import { NODE_LEASE_MS } from "../register-node";

export interface NodeStanding extends NodeRecord {
  /**
   * Null for a node that gives signs of life. Else the time up to which it may serve keys that it knew, without the store, in
   * milliseconds since the Unix epoch by the store's clock.
   */
  readonly servesUntil: number | null;
}

/** The gates that live, and those that are silent: some longer ago than they can serve. By name. */
export async function nodeStandings({ nodes }: Pick<Store, "nodes">): Promise<readonly NodeStanding[]> {
  const records = (await nodes?.live(NODE_LEASE_MS + 2 * MOST_STALE_MS)) ?? [];
  return records.map((record) => {
    const servesUntil = record.ageMs < NODE_LEASE_MS ? null : record.seenAt + NODE_LEASE_MS + record.staleMs;
    return Object.freeze({ ...record, servesUntil });
  });
}

/** Whether it may let anybody in, now. */
export function mayServe({ servesUntil, seenAt, ageMs }: NodeStanding): boolean {
  return servesUntil === null || servesUntil > seenAt + ageMs;
}

import { setTimeout as sleep } from "node:timers/promises";
import type { NodeRecord } from "../ports/node-registry";
import type { Store } from "../ports/store";
import { NODE_LEASE_MS } from "../register-node";

/** Where changes have taken effect. */
export interface Applied {
  readonly epoch: number;
  /** Live nodes at which every change up to `epoch` has taken effect, by name. */
  readonly applied: readonly string[];
  /** Live nodes that have not said so. */
  readonly waiting: readonly string[];
}

const LOOK_MS = 50;

/** Waits until every change so far has taken effect at every live node, for `limitMs` at most. */
export async function appliedEverywhere(store: Store, limitMs: number): Promise<Applied> {
  const until = performance.now() + limitMs;
  const epoch = await store.epoch();
  for (;;) {
    const live = (await store.nodes?.live(NODE_LEASE_MS)) ?? [];
    const names = (has: boolean) => live.filter((node) => isApplied(node, epoch) === has).map(({ node }) => node);
    const waiting = names(false);
    if (waiting.length === 0 || performance.now() >= until) return { epoch, applied: names(true), waiting };
    await sleep(LOOK_MS);
  }
}

function isApplied({ appliedEpoch }: NodeRecord, epoch: number): boolean {
  return appliedEpoch !== null && appliedEpoch >= epoch;
}

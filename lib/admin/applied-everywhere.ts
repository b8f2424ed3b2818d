import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../ports/clock";
import type { Store } from "../ports/store";
import { nodeStandings, type NodeStanding } from "./node-standing";

/** Where changes have taken effect. */
export interface Applied {
  readonly epoch: number;
  /** Live nodes at which every change up to `epoch` has taken effect, by name. */
  readonly applied: readonly string[];
  /** Live nodes that have not said so. */
  readonly waiting: readonly string[];
  /** Nodes that have not said so and give no sign of life: they may serve what they knew before. */
  readonly silent: readonly SilentNode[];
}

export interface SilentNode {
  readonly node: string;
  /** Nobody is let in there by anything older than `epoch` from then on: milliseconds since the Unix epoch, by the store's clock. */
  readonly servesUntil: number;
  /** That time has come. */
  readonly over: boolean;
}

const LOOK_MS = 50;

/**
 * Waits until every change so far has taken effect at every node, for `limitMs` at most. A node that is silent may be cut off
 * from the store: it is waited for until it can serve no longer what it saw of the store before these changes.
 */
export async function appliedEverywhere(store: Store, clock: Clock, limitMs: number): Promise<Applied> {
  const begun = clock.monotonic();
  const epoch = await store.epoch();
  for (;;) {
    const passedMs = clock.monotonic() - begun;
    const applied = appliedNow(await nodeStandings(store), epoch, passedMs);
    const isEverywhere = applied.waiting.length === 0 && applied.silent.every(({ over }) => over);
    if (isEverywhere || passedMs >= limitMs) return applied;
    await sleep(LOOK_MS);
  }
}

function appliedNow(nodes: readonly NodeStanding[], epoch: number, passedMs: number): Applied {
  const has = ({ appliedEpoch }: NodeStanding) => appliedEpoch !== null && appliedEpoch >= epoch;
  const live = nodes.filter(({ servesUntil }) => servesUntil === null);
  const names = (some: readonly NodeStanding[]) => some.map(({ node }) => node);
  return {
    ...{ epoch, applied: names(live.filter(has)), waiting: names(live.filter((node) => !has(node))) },
    silent: nodes.filter((node) => !has(node)).flatMap((node) => silentNode(node, passedMs)),
  };
}

/** Nothing for a node that lives, or could serve no longer when the changes were made. */
function silentNode({ node, servesUntil, seenAt, ageMs, staleMs }: NodeStanding, passedMs: number): SilentNode[] {
  const now = seenAt + ageMs;
  const changedAt = now - passedMs;
  if (servesUntil === null || servesUntil <= changedAt) return [];
  const until = Math.ceil(Math.min(servesUntil, changedAt + staleMs));
  return [{ node, servesUntil: until, over: until <= now }];
}

import { failureOf } from "./auth/failure-of";
import { within } from "./auth/within";
import type { Core } from "./core";
import type { HintFollower } from "./follow-hints";

/**
 * A node that gave no sign of life for so long is silent. It may live on without the store, and serve what it knew for
 * `staleMs` more: see NodeStanding.
 */
export const NODE_LEASE_MS = 15_000;
const BEAT_MS = 5_000;
const LEAVE_MS = 2_000;

export interface NodeRegistration {
  start(): Promise<void>;
  /** Leaves. Never rejects: a lease that stays runs out. */
  stop(): Promise<void>;
}

/**
 * Tells the store that this gate runs, and which changes have taken effect here: at once after each, and every few
 * seconds. A gate whose store does not take it serves all the same.
 */
export function registerNode(
  { options, snapshots, logger, boot }: Core,
  hints: Pick<HintFollower, "health" | "onTurn">,
): NodeRegistration {
  const { nodes } = options.store;
  const node = options.audit?.node ?? "gate";
  let timer: NodeJS.Timeout | undefined;
  let beating: Promise<void> | null = null;

  function beat(): Promise<void> {
    beating ??= beatNow().finally(() => (beating = null));
    return beating;
  }

  async function beatNow(): Promise<void> {
    const appliedEpoch = snapshots.lastEpoch;
    const state = { node, boot, appliedEpoch, staleMs: snapshots.blindMs, buses: hints.health() };
    await nodes?.beat(state).catch((cause: unknown) => {
      logger.debug("the store did not take this node's sign of life", failureOf(cause));
    });
    if (timer !== undefined && snapshots.lastEpoch !== appliedEpoch) await beatNow();
  }

  return Object.freeze({
    async start(): Promise<void> {
      if (nodes === undefined) return;
      timer ??= setInterval(() => void beat(), BEAT_MS).unref();
      snapshots.onChange(() => setImmediate(() => void beat()));
      hints.onTurn(() => void beat());
      await beat();
    },
    async stop(): Promise<void> {
      clearInterval(timer);
      timer = undefined;
      await beating;
      if (nodes !== undefined) await within(nodes.leave(node, boot), LEAVE_MS).catch(() => undefined);
    },
  });
}

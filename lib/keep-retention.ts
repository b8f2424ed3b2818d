import { setTimeout as sleep } from "node:timers/promises";
import { checkpointSigner, publicKeysIn } from "./audit/checkpoint-key";
import { planPrune, PruneRefusal } from "./audit/plan-prune";
import { pruneTrail } from "./audit/prune-trail";
import { failureOf } from "./auth/failure-of";
import type { AuditLog } from "./ports/audit-log";
import type { Clock } from "./ports/clock";
import type { Logger } from "./ports/logger";
import type { Store } from "./ports/store";

export interface RetentionParts {
  readonly store: Store;
  readonly log: AuditLog;
  /** The private key of the checkpoints, PEM. */
  readonly key: string;
  readonly days: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default an hour. */
  readonly everyMs?: number;
  /** Default a minute. */
  readonly firstMs?: number;
}

/** Drops from the trail what is old enough, again and again. */
export interface Retention {
  start(): void;
  /** Waits for what is under way. */
  stop(): Promise<void>;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const FIRST_MS = 60_000;
/** Between two steps: calls go first. */
const REST_MS = 20;

export function keepRetention(parts: RetentionParts): Retention {
  const { everyMs = HOUR_MS, firstMs = FIRST_MS } = parts;
  const ending = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const next = (delay: number): void => {
    timer = setTimeout(() => {
      running = pruneOld(parts, ending.signal).finally(() => {
        if (!ending.signal.aborted) next(everyMs);
      });
    }, delay).unref();
  };
  return Object.freeze({
    start(): void {
      if (timer === undefined) next(firstMs);
    },
    async stop(): Promise<void> {
      clearTimeout(timer);
      ending.abort(new Error("The gate is being stopped."));
      await running;
    },
  });
}

/** Never rejects: what could not be dropped now is dropped next time. */
async function pruneOld(parts: RetentionParts, signal: AbortSignal): Promise<void> {
  const { store, log, key, days, clock, logger } = parts;
  const trail = store.trail?.();
  try {
    if (trail === undefined) return;
    const now = clock.now();
    const before = new Date(now - days * DAY_MS).toISOString();
    const sinks = (await store.sinks?.list()) ?? [];
    const plan = await planPrune(trail, { before, sinks, keys: publicKeysIn(key) });
    const { heldBackBy, covered } = plan;
    if (heldBackBy.length > 0)
      logger.warn("sinks that are behind hold the trail's retention back", { sinks: heldBackBy });
    const rest = (): Promise<void> => sleep(REST_MS, undefined, { signal });
    const records = await pruneTrail({ trail, log, signer: checkpointSigner(key), now, rest }, plan);
    if (records > 0) logger.info("dropped what was old from the audit trail", { records, covered });
  } catch (error) {
    if (signal.aborted) return;
    const why = error instanceof PruneRefusal ? { error: error.message } : failureOf(error);
    logger.error("the audit trail could not be pruned", why);
  } finally {
    await trail?.close().catch(() => undefined);
  }
}

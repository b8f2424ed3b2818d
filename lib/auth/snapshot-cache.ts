import type { Catalogue } from "../policy/domain";
import type { Clock } from "../ports/clock";
import type { Logger } from "../ports/logger";
import type { Change, KeySnapshot, Store } from "../ports/store";
import { createCachedReads } from "./cached-reads";
import { createCatalogueCache } from "./catalogue-cache";
import { createImportedKeysCache } from "./imported-keys-cache";
import { createKeyCache, type Found } from "./key-cache";
import { storeTime } from "./store-time";
import { createGatheredReads } from "./gathered-reads";
import { createStoreWatch, FRESH_POLLS } from "./store-watch";

export interface SnapshotOptions {
  readonly store: Pick<
    Store,
    "findKey" | "findKeys" | "catalogue" | "epoch" | "changesSince" | "pollMs" | "now" | "hasImportedKeys"
  >;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How often the store's epoch is read, in milliseconds. A change by another process shows within twice this. Default: the store's own. */
  readonly pollMs?: number;
  /** Bound on known keys, and separately on unknown ones. */
  readonly maxKeys?: number;
  /** How long "unknown" may be believed without asking again: a random part of it, at least half. */
  readonly negativeTtlMs?: number;
  /** From 0 to 1. */
  readonly random?: () => number;
  /** How long known keys are served after the store was last seen; 0 for hardly at all. */
  readonly staleMs?: number;
  /** How long the store may take for one answer. */
  readonly timeoutMs?: number;
}

/**
 * What the store knows, kept close. Answers come at once when they are known and nothing changed since.
 * While the store does not answer, what is not known, or was known too long ago, rejects with the Denial
 * `store_unavailable`; failures are never kept.
 */
export interface Snapshots {
  find(keyId: string): Found | Promise<Found>;
  catalogue(organizationId: string): Catalogue | Promise<Catalogue>;
  /** Whether the store holds keys that another system made; false at once for a store that never does. */
  hasImportedKeys(): boolean | Promise<boolean>;
  /** Watches the store from now on. Resolves after the first look, whatever it showed; idempotent. */
  start(): Promise<void>;
  stop(): void;
  /** The time by which keys expire, in milliseconds since the Unix epoch: the store's, where it has one. */
  now(): number;
  /** Has `listener` called with every change that is seen from now on, null when it cannot be told what changed. */
  onChange(listener: (changes: readonly Change[] | null) => void): void;
  /** See StoreWatch.hint. */
  hint(epoch: number | null): void;
  /** For how long at most an answer is given that no look at the store bears out, in milliseconds. */
  readonly blindMs: number;
  /** Answers are at least as new as this epoch; null before the first look. */
  readonly lastEpoch: number | null;
}

const ASK_TIME_MS = 10_000;
const TTL = { softTtlMs: 5_000, hardTtlMs: 30_000 };

export function createSnapshots(options: SnapshotOptions): Snapshots {
  const { store, clock, logger, pollMs = store.pollMs ?? 200, maxKeys = 10_000, negativeTtlMs = 2_000 } = options;
  const { staleMs = 30_000, timeoutMs = 2_000, random = Math.random } = options;
  const keys = createKeyCache({ clock, maxKeys, random, negativeTtlMs, ...TTL });
  const catalogues = createCatalogueCache(clock, TTL.softTtlMs);
  const imported = createImportedKeysCache();
  const listeners: ((changes: readonly Change[] | null) => void)[] = [];
  const watch = createStoreWatch({ store, clock, logger, pollMs, timeoutMs, onChange });
  const time = storeTime(store, clock, timeoutMs);
  let asking: NodeJS.Timeout | undefined;
  const shared = { watch, staleMs, timeoutMs };
  const findKey = keyReads(store, timeoutMs);

  function onChange(changes: readonly Change[] | null): void {
    keys.forget(changes);
    catalogues.forget(changes);
    imported.forget(changes);
    for (const listener of listeners) listener(changes);
  }

  return Object.freeze({
    find: createCachedReads({ ...shared, cache: keys, read: async (id) => keys.found(await findKey(id)) }),
    catalogue: createCachedReads({ ...shared, cache: catalogues, read: (id) => store.catalogue(id) }),
    hasImportedKeys: importedKeys(store, (read) => createCachedReads({ ...shared, cache: imported, read })),
    async start() {
      asking ??= setInterval(() => void time.ask(), ASK_TIME_MS).unref();
      await Promise.all([watch.start(), time.ask()]);
    },
    stop() {
      clearInterval(asking);
      asking = undefined;
      watch.stop();
    },
    now: time.now,
    hint: watch.hint,
    blindMs: Math.max(staleMs, FRESH_POLLS * pollMs),
    onChange: (listener: (changes: readonly Change[] | null) => void) => void listeners.push(listener),
    get lastEpoch() {
      return watch.epoch();
    },
  });
}

function keyReads(
  store: Pick<Store, "findKey" | "findKeys">,
  timeoutMs: number,
): (keyId: string) => Promise<KeySnapshot | null> {
  const readOne = (id: string) => store.findKey(id);
  if (store.findKeys === undefined) return readOne;
  const readMany = async (ids: readonly string[]) => store.findKeys?.(ids) ?? new Map<string, KeySnapshot>();
  return createGatheredReads({ readOne, readMany, timeoutMs });
}

function importedKeys(
  store: Pick<Store, "hasImportedKeys">,
  cached: (read: () => Promise<boolean>) => (id: string) => boolean | Promise<boolean>,
): () => boolean | Promise<boolean> {
  if (store.hasImportedKeys === undefined) return () => false;
  const ask = cached(async () => (await store.hasImportedKeys?.()) ?? false);
  return () => ask("");
}

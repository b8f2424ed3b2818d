import { LRUCache } from "lru-cache";
import { failureOf } from "./auth/failure-of";
import { within } from "./auth/within";
import { digestKey, type Peppers } from "./keys/pepper";
import type { Logger } from "./ports/logger";
import type { KeyRehash, Store, StoredKey } from "./ports/store";

export interface KeyRehasher {
  /** The key was proven by this: where its digest is of another pepper than the current one, it gets a new digest soon. */
  proven(key: StoredKey, proof: string | Uint8Array): void;
  /** Writes what is noted. Never rejects. */
  stop(): Promise<void>;
}

const FLUSH_MS = 1_000;
const LIMIT_MS = 2_000;
/** Of one flush; the others come again with their next use. */
const MOST_AT_ONCE = 1_000;
const REMEMBERED = 100_000;

/** Brings keys under the current pepper as they are used: only then is there something to make a digest of. */
export function rehashKeys(store: Pick<Store, "rehash">, peppers: Peppers, logger: Logger): KeyRehasher {
  const done = new LRUCache<string, number>({ max: REMEMBERED });
  let noted = new Map<string, KeyRehash>();
  let timer: NodeJS.Timeout | undefined;

  async function flush(): Promise<void> {
    timer = undefined;
    const digests = noted;
    noted = new Map();
    if (digests.size === 0 || store.rehash === undefined) return;
    try {
      await within(store.rehash(digests), LIMIT_MS);
      for (const [id, { pepperVersion }] of digests) done.set(id, pepperVersion);
    } catch (cause) {
      logger.debug("the store did not take digests under the current pepper", failureOf(cause));
    }
  }

  return Object.freeze({
    proven({ id, pepperVersion: from }: StoredKey, proof: string | Uint8Array) {
      const { current } = peppers;
      if (from === current || done.get(id) === current || noted.has(id) || noted.size >= MOST_AT_ONCE) return;
      noted.set(id, { from, digest: digestKey(peppers, current, proof), pepperVersion: current });
      timer ??= setTimeout(() => void flush(), FLUSH_MS).unref();
    },
    async stop(): Promise<void> {
      clearTimeout(timer);
      await flush();
    },
  });
}

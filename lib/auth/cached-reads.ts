import { Denial } from "../denial";
import { createSharedReads } from "./shared-reads";
import type { StoreWatch } from "./store-watch";
import { within } from "./within";

export interface CachedReadsOptions<T> {
  readonly watch: StoreWatch;
  readonly cache: {
    get(id: string): T | undefined;
    /** What is got should be read again beside its use. Absent: never. */
    isDue?(id: string): boolean;
    /** What may be served while the store is down; undefined for what was never known. */
    lastKnown(id: string): T | undefined;
    keep(id: string, value: T): void;
  };
  readonly read: (id: string) => Promise<T>;
  readonly timeoutMs: number;
  readonly staleMs: number;
}

/**
 * Answers from the cache while the store is known to be unchanged, at once and without a promise; otherwise looks first.
 * While the store is down: the last known answer for at most `staleMs`, else the Denial `store_unavailable`.
 */
export function createCachedReads<T>(options: CachedReadsOptions<T>): (id: string) => T | Promise<T> {
  const { watch, cache, staleMs } = options;
  const readShared = createSharedReads({ read, keep: cache.keep, generation: watch.generation });

  async function read(id: string): Promise<T> {
    try {
      return await within(options.read(id), options.timeoutMs);
    } catch (cause) {
      throw unavailable(cause);
    }
  }

  function current(id: string): T | Promise<T> {
    const known = cache.get(id);
    if (known === undefined) return readShared(id);
    if (cache.isDue?.(id) === true) void readShared(id).catch(() => undefined);
    return known;
  }

  async function lookFirst(id: string): Promise<T> {
    if (watch.state() !== "down") await watch.look();
    // That look may have begun before somebody said that the store moved.
    if (watch.state() === "behind") await watch.look();
    return watch.state() === "down" ? lastKnown(id) : current(id);
  }

  function lastKnown(id: string): T {
    const known = watch.age() <= staleMs ? cache.lastKnown(id) : undefined;
    if (known === undefined) throw unavailable();
    return known;
  }

  return (id) => (watch.state() === "fresh" ? current(id) : lookFirst(id));
}

function unavailable(cause?: unknown): Denial {
  return new Denial("store_unavailable", { reason: "store_unavailable", cause });
}

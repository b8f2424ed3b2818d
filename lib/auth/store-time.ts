import type { Clock } from "../ports/clock";
import type { Store } from "../ports/store";
import { within } from "./within";

export interface StoreTime {
  /** The store's time as it was last asked for, carried on by a clock that never steps; before that this machine's. */
  now(): number;
  /** Asks the store. Never rejects: what was known stands. */
  ask(): Promise<void>;
}

/** The store tells whole milliseconds. */
const GRAIN_MS = 1;

/**
 * All nodes let a key expire at the same moment, whatever their own clocks say. An answer that took long leaves open how
 * far the store is ahead; what was known is moved only as far as it must be, so that a slow answer moves nothing and a
 * key that has expired stays so.
 */
export function storeTime(store: Pick<Store, "now">, clock: Clock, timeoutMs: number): StoreTime {
  let ahead: number | null = null;
  return Object.freeze({
    now: () => (ahead === null ? clock.now() : clock.monotonic() + ahead),
    async ask(): Promise<void> {
      if (store.now === undefined) return;
      const asked = clock.monotonic();
      const told = await within(store.now(), timeoutMs).catch(() => null);
      if (told === null) return;
      const [least, most] = [told - clock.monotonic(), told + GRAIN_MS - asked];
      ahead = Math.min(most, Math.max(least, ahead ?? (least + most) / 2));
    },
  });
}

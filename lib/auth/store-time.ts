import type { Clock } from "../ports/clock";
import type { Store } from "../ports/store";
import { within } from "./within";

export interface StoreTime {
  /** The store's time as it was last asked for, carried on by a clock that never steps; before that this machine's. */
  now(): number;
  /** Asks the store. Never rejects: what was known stands. */
  ask(): Promise<void>;
}

/** All nodes let a key expire at the same moment, whatever their own clocks say. */
export function storeTime(store: Pick<Store, "now">, clock: Clock, timeoutMs: number): StoreTime {
  let ahead: number | null = null;
  return Object.freeze({
    now: () => (ahead === null ? clock.now() : clock.monotonic() + ahead),
    async ask(): Promise<void> {
      if (store.now === undefined) return;
      const asked = clock.monotonic();
      const told = await within(store.now(), timeoutMs).catch(() => null);
      if (told !== null) ahead = told - (asked + clock.monotonic()) / 2;
    },
  });
}

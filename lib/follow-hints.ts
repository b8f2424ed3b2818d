import type { Core } from "./core";

export interface HintFollower {
  /** Idempotent. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Has the store looked at whenever a bus says that it changed: the store's own bus, and the operator's. */
export function followHints({ options, snapshots }: Pick<Core, "options" | "snapshots">): HintFollower {
  const buses = [options.store.bus, options.bus].filter((bus) => bus !== undefined);
  let endings: readonly (() => Promise<void>)[] | null = null;
  return Object.freeze({
    async start(): Promise<void> {
      endings ??= await Promise.all(buses.map((bus) => bus.subscribe(snapshots.hint)));
    },
    async stop(): Promise<void> {
      await Promise.all((endings ?? []).map((end) => end()));
      await Promise.all(buses.map((bus) => bus.close()));
    },
  });
}

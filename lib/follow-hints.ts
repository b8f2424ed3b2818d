import { failureOf } from "./auth/failure-of";
import type { Core } from "./core";
import type { Bus, BusHealth } from "./ports/bus";
import type { Logger } from "./ports/logger";

export interface HintFollower {
  /** Idempotent. */
  start(): Promise<void>;
  stop(): Promise<void>;
  health(): readonly BusHealth[];
  /** Has `listener` called whenever a bus is lost or answers again. */
  onTurn(listener: () => void): void;
}

/**
 * Has the store looked at whenever a bus says that it changed: the store's own bus, and the operator's. That one is lost is
 * no fault of the gate's, since the poll bounds what it can miss; it is logged when it begins and when it ends.
 */
export function followHints({
  options,
  snapshots,
  logger,
}: Pick<Core, "options" | "snapshots" | "logger">): HintFollower {
  const listeners: (() => void)[] = [];
  const buses = [options.store.bus, options.bus]
    .filter((bus) => bus !== undefined)
    .map((bus) => watched(bus, logger, () => listeners.forEach((listener) => listener())));
  let endings: readonly (() => Promise<void>)[] | null = null;
  return Object.freeze({
    async start(): Promise<void> {
      endings ??= await Promise.all(buses.map(({ bus, onLine }) => bus.subscribe(snapshots.hint, onLine)));
    },
    async stop(): Promise<void> {
      await Promise.all((endings ?? []).map((end) => end()));
      await Promise.all(buses.map(({ bus }) => bus.close()));
    },
    health: () => buses.map(({ health }) => health()),
    onTurn: (listener: () => void) => void listeners.push(listener),
  });
}

function watched(bus: Bus, logger: Logger, turned: () => void) {
  let connected: boolean | null = null;
  return Object.freeze({
    bus,
    health: (): BusHealth => Object.freeze({ name: bus.name, connected }),
    onLine(failure: unknown): void {
      const was = connected;
      connected = failure === null;
      const facts = { bus: bus.name };
      if (!connected && was !== false)
        logger.warn("the bus does not answer: changes show at the next poll", { ...facts, ...failureOf(failure) });
      if (connected && was === false) logger.info("the bus answers again", facts);
      if (connected !== was) turned();
    },
  });
}

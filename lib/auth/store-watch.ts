import type { Clock } from "../ports/clock";
import type { Logger } from "../ports/logger";
import type { Change, Store } from "../ports/store";
import { changesBetween } from "./changes-between";
import { failureOf } from "./failure-of";
import { within } from "./within";

export interface StoreWatchOptions {
  readonly store: Pick<Store, "epoch" | "changesSince">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pollMs: number;
  /** A store that takes longer than this for one answer counts as down. */
  readonly timeoutMs: number;
  /** What changed; null when that cannot be told and everything may have. */
  readonly onChange: (changes: readonly Change[] | null) => void;
}

/**
 * `fresh`: the epoch was seen a moment ago. `behind`: nobody looked lately, or since somebody said that it moved. `down`:
 * the last look failed.
 */
export type WatchState = "fresh" | "behind" | "down";

/** Keeps an eye on the store's epoch, the truth about change. */
export interface StoreWatch {
  state(): WatchState;
  /** Milliseconds since the store was last seen; Infinity before the first time. */
  age(): number;
  /** Counts how often the epoch was seen to move: a read that began under another count may be out of date. */
  generation(): number;
  epoch(): number | null;
  /** Looks now, or joins the look that is under way. Never rejects: see `state`. */
  look(): Promise<void>;
  /** Somebody says that the store is at this epoch: looks, unless it was seen already. Null: who knows. */
  hint(epoch: number | null): void;
  /** Looks now and every `pollMs`; the timer keeps no process alive. */
  start(): Promise<void>;
  stop(): void;
}

interface Sight {
  epoch: number | null;
  /** When the last look that succeeded began. */
  seenAt: number;
  generation: number;
  /** Hints that said something new, and how many of them were there when the last look began that has ended. */
  hints: number;
  settledHints: number;
  down: boolean;
  looking: Promise<void> | null;
  timer: NodeJS.Timeout | undefined;
  hinted: NodeJS.Timeout | undefined;
}

/** For so many polls a look counts as a moment ago. */
export const FRESH_POLLS = 2;
/** Hints that come together cause one look; hints without end cause no more than so many. */
const HINT_PAUSE_MS = 5;

export function createStoreWatch(options: StoreWatchOptions): StoreWatch {
  const { clock, pollMs } = options;
  const sight: Sight = {
    ...{ epoch: null, seenAt: -Infinity, generation: 0, hints: 0, settledHints: 0, down: false },
    ...{ looking: null, timer: undefined, hinted: undefined },
  };
  const age = () => clock.monotonic() - sight.seenAt;
  const isFresh = () => sight.settledHints === sight.hints && age() <= FRESH_POLLS * pollMs;
  function look(): Promise<void> {
    sight.looking ??= lookNow(options, sight).finally(() => (sight.looking = null));
    return sight.looking;
  }
  /** A look that is under way may have begun before the change. */
  async function lookAgain(): Promise<void> {
    sight.hinted = undefined;
    await sight.looking;
    await look();
  }
  return Object.freeze({
    state: () => (sight.down ? "down" : isFresh() ? "fresh" : "behind"),
    age,
    generation: () => sight.generation,
    epoch: () => sight.epoch,
    look,
    hint(epoch: number | null) {
      const news = epoch === null || sight.epoch === null || epoch > sight.epoch;
      if (!news) return;
      sight.hints += 1;
      sight.hinted ??= setTimeout(() => void lookAgain(), HINT_PAUSE_MS).unref();
    },
    start() {
      sight.timer ??= setInterval(() => void look(), pollMs).unref();
      return look();
    },
    stop() {
      clearInterval(sight.timer);
      clearTimeout(sight.hinted);
      sight.timer = undefined;
    },
  });
}

async function lookNow(options: StoreWatchOptions, sight: Sight): Promise<void> {
  const startedAt = options.clock.monotonic();
  const { hints } = sight;
  try {
    const epoch = await within(options.store.epoch(), options.timeoutMs);
    if (epoch !== sight.epoch) await catchUp(options, sight, epoch);
    sight.seenAt = startedAt;
    report(options.logger, sight, null);
  } catch (cause) {
    report(options.logger, sight, failureOf(cause));
  }
  sight.settledHints = hints;
}

/** Reads that are under way may be older than `epoch`: the generation moves before anything is awaited. */
async function catchUp(options: StoreWatchOptions, sight: Sight, epoch: number): Promise<void> {
  sight.generation += 1;
  options.onChange(await changesBetween(options, sight.epoch, epoch));
  sight.epoch = epoch;
}

/** An outage is logged when it begins and when it ends. */
function report(logger: Logger, sight: Sight, failure: object | null): void {
  const wasDown = sight.down;
  sight.down = failure !== null;
  if (failure !== null && !wasDown) logger.error("the store does not answer", failure);
  if (failure === null && wasDown) logger.info("the store answers again");
}

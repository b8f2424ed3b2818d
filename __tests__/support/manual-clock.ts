import type { Clock } from "../../lib/ports/clock";

export interface ManualClock extends Clock {
  /** Time passes; what was scheduled for it runs, in order. */
  advance(ms: number): Promise<void>;
  schedule(run: () => void, delayMs: number): void;
}

/** Time that moves when a test says so. */
export function manualClock(start = Date.UTC(2026, 0, 2)): ManualClock {
  let passed = 0;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  return {
    now: () => start + passed,
    monotonic: () => passed,
    schedule: (run, delayMs) => void timers.push({ at: passed + delayMs, run }),
    async advance(ms) {
      passed += ms;
      const due = timers.filter(({ at }) => at <= passed);
      timers = timers.filter(({ at }) => at > passed);
      for (const { run } of due) run();
      await new Promise(setImmediate);
    },
  };
}

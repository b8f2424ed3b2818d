/** Lets other calls go on while a long search runs. */
export interface Pacer {
  /** True when the search has gone on for long enough. */
  isDue(): boolean;
  /** Resolves once the event loop had its turn; rejects when the signal aborted. */
  rest(): Promise<void>;
}

const STRETCH_MS = 8;

export function createPacer(signal: AbortSignal): Pacer {
  let restedAt = performance.now();
  return Object.freeze({
    isDue: () => performance.now() - restedAt >= STRETCH_MS,
    rest: async (): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      restedAt = performance.now();
    },
  });
}

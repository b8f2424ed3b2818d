import type { ReadEvent } from "./read-events";

/** What comes next of a stream: an event, silence for as long as was waited, its end, or why it broke off. */
export type Arrival = { readonly read: ReadEvent } | { readonly failure: unknown } | "silence" | "end";

/** A stream that is waited for with patience. No more than one event is asked for ahead, so that a slow client slows the provider. */
export interface Arrivals {
  /** Never rejects. Without `patienceMs` it waits for as long as it takes. */
  next(patienceMs: number | null): Promise<Arrival>;
  /** Ends the stream behind it. */
  stop(): Promise<void>;
}

export function arrivalsOf(events: AsyncGenerator<ReadEvent>): Arrivals {
  let pending: Promise<Arrival> | null = null;
  return Object.freeze<Arrivals>({
    async next(patienceMs) {
      pending ??= events.next().then(arrivalOf, (failure: unknown) => ({ failure }));
      const arrival = patienceMs === null ? await pending : await atMost(patienceMs, pending);
      if (arrival !== "silence") pending = null;
      return arrival;
    },
    async stop() {
      // While an event is on its way the end can only follow it: whoever stops then must not wait.
      const ended = events.return(undefined);
      if (pending === null) await ended;
      else ended.catch(() => undefined);
    },
  });
}

function arrivalOf(next: IteratorResult<ReadEvent>): Arrival {
  return next.done === true ? "end" : { read: next.value };
}

function atMost(ms: number, pending: Promise<Arrival>): Promise<Arrival> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve("silence"), ms);
    void pending.then((arrival) => {
      clearTimeout(timer);
      resolve(arrival);
    });
  });
}

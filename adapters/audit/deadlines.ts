/** Gives up on what takes too long, with one timer for all. */
export interface Deadlines<Item> {
  watch(item: Item): void;
  /** To be called when items were answered: lets go of the timer when none is left. */
  forgetAnswered(): void;
}

interface Watched<Item> {
  readonly item: Item;
  /** Of the monotonic clock, milliseconds. */
  readonly at: number;
}

/** Calls `expire` for each item that is not `answered` in time, in the order in which they were watched. */
export function createDeadlines<Item extends { readonly answered: boolean }>(
  timeoutMs: number,
  expire: (item: Item) => void,
): Deadlines<Item> {
  const watched: Watched<Item>[] = [];
  let timer: NodeJS.Timeout | null = null;

  function forgetAnswered(): void {
    while (watched[0]?.item.answered === true) watched.shift();
    if (watched.length > 0 || timer === null) return;
    clearTimeout(timer);
    timer = null;
  }

  function expireDue(): void {
    timer = null;
    const now = performance.now();
    for (let [first] = watched; first !== undefined && (first.item.answered || first.at <= now); [first] = watched) {
      watched.shift();
      if (!first.item.answered) expire(first.item);
    }
    if (watched[0] !== undefined) arm(watched[0].at - now);
  }

  function arm(ms: number): void {
    timer ??= setTimeout(expireDue, Math.ceil(ms));
  }

  return Object.freeze({
    watch(item: Item): void {
      watched.push({ item, at: performance.now() + timeoutMs });
      arm(timeoutMs);
    },
    forgetAnswered,
  });
}

/** Runs work when its turn comes; the result is the work's own. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/** At most `limit` works run at a time; the others wait in order of arrival. */
export function limitConcurrency(limit: number): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;

  /** A place that is given back goes to the longest waiting, without being free in between. */
  function giveBack(): void {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }

  return async (work) => {
    if (running < limit) running += 1;
    else await new Promise<void>((resolve) => void waiting.push(resolve));
    try {
      return await work();
    } finally {
      giveBack();
    }
  };
}

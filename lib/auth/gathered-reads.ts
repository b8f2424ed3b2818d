import { within } from "./within";

export interface GatheredReadsOptions<T> {
  readonly readOne: (id: string) => Promise<T | null>;
  /** An Error in place of a value fails that id alone; what is not in the map is not there. */
  readonly readMany: (ids: readonly string[]) => Promise<ReadonlyMap<string, T | Error>>;
  /** How long one read may take before the next is let go. */
  readonly timeoutMs: number;
}

interface Waiting<T> {
  readonly id: string;
  resolve(value: T | null): void;
  reject(cause: unknown): void;
}

/** 200 questions a second at most, however many callers there are. */
const PAUSE_MS = 5;
const MOST_AT_ONCE = 500;
const MOST_RUNNING = 4;

/**
 * Reads what is asked for at once, and together what is asked for soon after: when everything that is known has to be
 * read anew, the store gets a few large questions and not thousands of small ones.
 */
export function createGatheredReads<T>(options: GatheredReadsOptions<T>): (id: string) => Promise<T | null> {
  const waiting: Waiting<T>[] = [];
  let running = 0;
  let paused = false;

  function next(): void {
    if (paused || running >= MOST_RUNNING || waiting.length === 0) return;
    paused = true;
    running += 1;
    setTimeout(() => {
      paused = false;
      next();
    }, PAUSE_MS).unref();
    void answer(waiting.splice(0, MOST_AT_ONCE), options).finally(() => {
      running -= 1;
      next();
    });
  }

  return (id) =>
    new Promise((resolve, reject) => {
      waiting.push({ id, resolve, reject });
      next();
    });
}

/** Never rejects: each who waits gets what is theirs. */
async function answer<T>(batch: readonly Waiting<T>[], options: GatheredReadsOptions<T>): Promise<void> {
  try {
    const found = await within(readAll(batch, options), options.timeoutMs);
    for (const { id, resolve, reject } of batch) {
      const value = found.get(id) ?? null;
      if (value instanceof Error) reject(value);
      else resolve(value);
    }
  } catch (cause) {
    for (const { reject } of batch) reject(cause);
  }
}

async function readAll<T>(
  batch: readonly Waiting<T>[],
  { readOne, readMany }: GatheredReadsOptions<T>,
): Promise<ReadonlyMap<string, T | Error>> {
  const [only, another] = batch;
  if (only === undefined || another !== undefined) return readMany(batch.map(({ id }) => id));
  const value = await readOne(only.id);
  return new Map(value === null ? [] : [[only.id, value]]);
}

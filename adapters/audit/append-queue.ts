import type { Placed } from "../../lib/audit/stamp-record";
import { expire, rejectWaiting, sendGroup, type Append, type AppendGroups, type SentGroup } from "./append-groups";
import { createDeadlines } from "./deadlines";

export interface AppendQueueOptions<Item> {
  /** Hands one group over, to be written durably after those before it. Never throws. */
  readonly send: (group: readonly Item[]) => SentGroup;
  /** Makes sure that a group could be written, before one is sent. While it rejects nothing is uncertain. */
  readonly prepare?: () => Promise<unknown>;
  /** Groups that may be under way: with more than one, a writer that has done with one finds the next. Default 1. */
  readonly ahead?: number;
  /** An append that has not been answered by then is rejected. */
  readonly timeoutMs: number;
  /** Records that may wait; further appends are rejected at once. */
  readonly capacity: number;
}

export interface AppendQueue<Item> {
  append(items: readonly Item[]): Promise<readonly Placed[]>;
  /** Resolves when all that was appended before is answered; later appends are rejected. */
  drain(): Promise<void>;
}

interface Queue<Item> extends AppendQueueOptions<Item>, AppendGroups<Item> {
  /** Set while some wait. */
  sending: Promise<void> | null;
  closed: boolean;
}

/**
 * Group commit: what arrives while one group is being written makes up the next, so that a lone append waits for
 * nobody and many share one sync of the disk. What timed out before its writing began is never written.
 */
export function createAppendQueue<Item>(options: AppendQueueOptions<Item>): AppendQueue<Item> {
  const wake = (): void => void (queue.sending ??= sendAll(queue));
  const deadlines = createDeadlines<Append<Item>>(options.timeoutMs, (append) => expire(queue, append));
  const parts = { waiting: [], groups: [], deadlines, records: 0, wake, sending: null, closed: false };
  const queue: Queue<Item> = { ...options, ...parts };
  return Object.freeze({
    append(items: readonly Item[]): Promise<readonly Placed[]> {
      if (queue.closed) return Promise.reject(new Error("The audit log is closed."));
      if (queue.records + items.length > options.capacity)
        return Promise.reject(new Error("Too many audit records are waiting."));
      return new Promise((resolve, reject) => {
        enqueue(queue, { items, resolve, reject, group: null, answered: false });
      });
    },
    async drain(): Promise<void> {
      queue.closed = true;
      await queue.sending;
      while (queue.groups.length > 0) await oldestSettled(queue);
    },
  });
}

/** So many do not wait for the turn of the event loop to end while nothing is being written. */
const EARLY_APPENDS = 16;

function enqueue<Item>(queue: Queue<Item>, append: Append<Item>): void {
  queue.records += append.items.length;
  queue.deadlines.watch(append);
  queue.waiting.push(append);
  const isIdle = queue.groups.length === 0 && queue.prepare === undefined;
  if (isIdle && queue.waiting.length >= EARLY_APPENDS) sendGroup(queue);
  queue.wake();
}

/** Not at once: what the same turn of the event loop appends goes into the same group. */
async function sendAll<Item>(queue: Queue<Item>): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  while (queue.waiting.length > 0) {
    if (queue.groups.length >= (queue.ahead ?? 1)) await oldestSettled(queue);
    else if (await isPrepared(queue)) sendGroup(queue);
  }
  queue.sending = null;
}

async function oldestSettled<Item>({ groups }: Queue<Item>): Promise<void> {
  await groups[0]?.sent.places.catch(() => undefined);
}

async function isPrepared<Item>(queue: Queue<Item>): Promise<boolean> {
  try {
    await queue.prepare?.();
    return true;
  } catch (cause) {
    rejectWaiting(queue, new Error("The audit trail cannot be written now.", { cause }));
    return false;
  }
}

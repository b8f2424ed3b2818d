import type { AuditEvent } from "../../lib/audit/record";
import type { Placed } from "../../lib/audit/stamp-record";
import { UncertainAppend } from "../../lib/audit/uncertain-append";

export interface AppendQueueOptions {
  /** Writes one group durably; gives each event's place. */
  commit(events: readonly AuditEvent[]): Promise<readonly Placed[]>;
  /** Makes sure that a group could be written, before one is sent. While it rejects nothing is uncertain. */
  prepare?(): Promise<unknown>;
  /** An append that has not been answered by then is rejected. */
  readonly timeoutMs: number;
  /** Records that may wait; further appends are rejected at once. */
  readonly capacity: number;
}

export interface AppendQueue {
  append(events: readonly AuditEvent[]): Promise<readonly Placed[]>;
  /** Resolves when all that was appended before is answered; later appends are rejected. */
  drain(): Promise<void>;
}

const GROUP_RECORDS = 512;

interface Append {
  readonly events: readonly AuditEvent[];
  readonly settled: Promise<readonly Placed[]>;
  resolve(places: readonly Placed[]): void;
  reject(error: Error): void;
  state: "waiting" | "sent" | "answered";
}

interface Queue {
  readonly waiting: Append[];
  /** Records of the appends that wait. */
  records: number;
  /** Set while groups are being written. */
  writing: Promise<void> | null;
  closed: boolean;
}

/**
 * Group commit: what arrives while one group is being written makes up the next, so that a lone append waits for
 * nobody and many share one sync of the disk. What timed out before it was sent is never written.
 */
export function createAppendQueue(options: AppendQueueOptions): AppendQueue {
  const queue: Queue = { waiting: [], records: 0, writing: null, closed: false };
  return Object.freeze({
    async append(events: readonly AuditEvent[]): Promise<readonly Placed[]> {
      if (queue.closed) throw new Error("The audit log is closed.");
      if (queue.records + events.length > options.capacity) throw new Error("Too many audit records are waiting.");
      return enqueue(queue, options, events).settled;
    },
    async drain(): Promise<void> {
      queue.closed = true;
      await queue.writing;
    },
  });
}

function enqueue(queue: Queue, options: AppendQueueOptions, events: readonly AuditEvent[]): Append {
  const append = openAppend(events);
  const timer = setTimeout(() => expire(queue, append), options.timeoutMs);
  const stop = (): void => clearTimeout(timer);
  append.settled.then(stop, stop);
  queue.waiting.push(append);
  queue.records += events.length;
  queue.writing ??= writeGroups(queue, options);
  return append;
}

function openAppend(events: readonly AuditEvent[]): Append {
  let [resolve, reject]: [Append["resolve"], Append["reject"]] = [() => undefined, () => undefined];
  const settled = new Promise<readonly Placed[]>((accept, refuse) => ([resolve, reject] = [accept, refuse]));
  return { events, settled, resolve, reject, state: "waiting" };
}

function expire(queue: Queue, append: Append): void {
  if (append.state === "sent") {
    append.reject(new UncertainAppend("The audit trail did not answer in time."));
  } else {
    queue.records -= append.events.length;
    append.reject(new Error("The audit trail could not be written in time."));
  }
  append.state = "answered";
  while (queue.waiting[0]?.state === "answered") queue.waiting.shift();
}

/** Not at once: what the same turn of the event loop appends goes into the same group. */
async function writeGroups(queue: Queue, options: AppendQueueOptions): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  while (queue.waiting.length > 0) {
    if (await isPrepared(queue, options)) await writeGroup(options, takeGroup(queue));
  }
  queue.writing = null;
}

/** All who wait are told at once what keeps the trail from being written. */
async function isPrepared(queue: Queue, { prepare }: AppendQueueOptions): Promise<boolean> {
  try {
    await prepare?.();
    return true;
  } catch (cause) {
    for (const append of queue.waiting.splice(0)) {
      if (append.state === "waiting") append.reject(new Error("The audit trail cannot be written now.", { cause }));
      append.state = "answered";
    }
    queue.records = 0;
    return false;
  }
}

function takeGroup(queue: Queue): readonly Append[] {
  const group: Append[] = [];
  for (let size = 0; size < GROUP_RECORDS;) {
    const append = queue.waiting.shift();
    if (append === undefined) break;
    if (append.state === "answered") continue;
    append.state = "sent";
    group.push(append);
    size += append.events.length;
    queue.records -= append.events.length;
  }
  return group;
}

async function writeGroup({ commit }: AppendQueueOptions, group: readonly Append[]): Promise<void> {
  if (group.length === 0) return;
  try {
    const places = await commit(group.flatMap(({ events }) => events));
    let start = 0;
    for (const append of group) append.resolve(places.slice(start, (start += append.events.length)));
  } catch (error) {
    for (const append of group) append.reject(error as Error);
  }
}

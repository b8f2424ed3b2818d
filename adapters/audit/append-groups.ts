import type { Placed } from "../../lib/audit/stamp-record";
import { UncertainAppend } from "../../lib/audit/uncertain-append";
import type { Deadlines } from "./deadlines";

/** A group that was handed over. */
export interface SentGroup {
  /** The place of every record, when all are durable. It settles in any case, in the order of the groups. */
  readonly places: Promise<readonly Placed[]>;
  /** Takes the group back: true when nothing of it is on record, nor ever will be. */
  withdraw(): boolean;
}

export interface Append<Item> {
  readonly items: readonly Item[];
  resolve(places: readonly Placed[]): void;
  reject(error: Error): void;
  /** Null while it waits. */
  group: Group<Item> | null;
  answered: boolean;
}

export interface Group<Item> {
  /** None once it was withdrawn. */
  appends: readonly Append<Item>[];
  readonly sent: SentGroup;
}

export interface AppendGroups<Item> {
  readonly send: (group: readonly Item[]) => SentGroup;
  readonly waiting: Append<Item>[];
  /** Those under way, in the order in which they will be written. */
  readonly groups: Group<Item>[];
  readonly deadlines: Deadlines<Append<Item>>;
  /** Of appends without an answer. */
  records: number;
  /** Sees to it that those who wait are sent. */
  readonly wake: () => void;
}

const GROUP_RECORDS = 512;

export function sendGroup<Item>(queue: AppendGroups<Item>): void {
  const appends = takeWaiting(queue);
  if (appends.length === 0) return;
  const group: Group<Item> = { appends, sent: queue.send(appends.flatMap(({ items }) => items)) };
  for (const append of appends) append.group = group;
  queue.groups.push(group);
  void settle(queue, group);
}

function takeWaiting<Item>({ waiting }: AppendGroups<Item>): readonly Append<Item>[] {
  const appends: Append<Item>[] = [];
  for (let size = 0; size < GROUP_RECORDS;) {
    const append = waiting.shift();
    if (append === undefined) break;
    if (append.answered) continue;
    appends.push(append);
    size += append.items.length;
  }
  return appends;
}

async function settle<Item>(queue: AppendGroups<Item>, group: Group<Item>): Promise<void> {
  try {
    const places = await group.sent.places;
    let start = 0;
    for (const append of group.appends) {
      const end = start + append.items.length;
      answer(queue, append, () => append.resolve(places.slice(start, end)));
      start = end;
    }
  } catch (error) {
    for (const append of group.appends) answer(queue, append, () => append.reject(error as Error));
  }
  queue.groups.splice(queue.groups.indexOf(group), 1);
  queue.deadlines.forgetAnswered();
}

function answer<Item>(queue: AppendGroups<Item>, append: Append<Item>, give: () => void): void {
  if (append.answered) return;
  append.answered = true;
  queue.records -= append.items.length;
  give();
}

/** All who wait are told at once what keeps the trail from being written. */
export function rejectWaiting<Item>(queue: AppendGroups<Item>, error: Error): void {
  for (const append of queue.waiting.splice(0)) answer(queue, append, () => append.reject(error));
}

/** Gives an append up: for certain, unless its group is being written. */
export function expire<Item>(queue: AppendGroups<Item>, append: Append<Item>): void {
  if (append.group !== null) recall(queue, append.group);
  const error =
    append.group === null
      ? new Error("The audit trail could not be written in time.")
      : new UncertainAppend("The audit trail did not answer in time.");
  answer(queue, append, () => append.reject(error));
  while (queue.waiting[0]?.answered === true) queue.waiting.shift();
}

/** Takes a group back that is not being written yet, with those behind it: appends keep their order. */
function recall<Item>(queue: AppendGroups<Item>, first: Group<Item>): void {
  for (const group of queue.groups.slice(queue.groups.indexOf(first)).reverse()) {
    if (!group.sent.withdraw()) break;
    for (const append of group.appends) append.group = null;
    queue.waiting.unshift(...group.appends.filter(({ answered }) => !answered));
    group.appends = [];
  }
  queue.wake();
}

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Placed } from "../../../lib/audit/stamp-record";
import { UncertainAppend } from "../../../lib/audit/uncertain-append";
import type { SentGroup } from "../append-groups";
import type { PackedEvent } from "./packed-event";
import {
  WAITING,
  WITHDRAWN,
  type GroupState,
  type WriterReply,
  type WriterRequest,
  type WriterSettings,
} from "./writer-messages";

export interface WriterClient {
  /**
   * Hands a group over. Its places come when it is durable; an UncertainAppend when nobody can say. The thread writes all
   * groups that wait in one transaction.
   */
  send(events: readonly PackedEvent[]): SentGroup;
  /** Lets the thread finish and go; after two seconds it is abandoned. */
  close(): Promise<void>;
}

const RESTART_PAUSE_MS = 100;
const CLOSE_LIMIT_MS = 2_000;

interface Group {
  readonly request: { readonly events: readonly PackedEvent[]; readonly state: GroupState };
  resolve(places: readonly Placed[]): void;
  reject(error: Error): void;
}

interface Client {
  thread: Worker | null;
  /** Without an answer, in the order in which they were sent. */
  groups: Group[];
  /** A thread that dies at once must not be started in a tight loop: until then groups are kept here. */
  resting: boolean;
}

/** The writing thread as seen from here. Started when needed, and again after it died; it holds the process only while it works. */
export function createWriterClient(settings: WriterSettings): WriterClient {
  const client: Client = { thread: null, groups: [], resting: false };
  return Object.freeze({
    send(events: readonly PackedEvent[]): SentGroup {
      const state: GroupState = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
      const places = new Promise<readonly Placed[]>((resolve, reject) => {
        const group = { request: { events, state }, resolve, reject };
        client.groups.push(group);
        if (!client.resting) post(client, settings, group);
      });
      return { places, withdraw: () => Atomics.compareExchange(state, 0, WAITING, WITHDRAWN) === WAITING };
    },
    close: () => (client.thread === null ? Promise.resolve() : stop(client.thread)),
  });
}

function post(client: Client, settings: WriterSettings, { request }: Group): void {
  const thread = (client.thread ??= start(client, settings));
  thread.ref();
  thread.postMessage(request satisfies WriterRequest);
}

function start(client: Client, settings: WriterSettings): Worker {
  const thread = new Worker(join(__dirname, "writer-thread.js"), { workerData: settings, execArgv: [] });
  thread.on("message", (reply: WriterReply) => settle(client, thread, reply));
  thread.on("error", (error) => lose(client, settings, thread, error));
  thread.on("exit", (code) => lose(client, settings, thread, new Error(`exit code ${code}`)));
  return thread;
}

function settle(client: Client, thread: Worker, reply: WriterReply): void {
  let start = 0;
  for (const size of reply.taken) {
    const group = client.groups.shift();
    if ("places" in reply) group?.resolve(reply.places.slice(start, start + size));
    else group?.reject(reply.uncertain ? new UncertainAppend(reply.error) : new Error(reply.error));
    start += size;
  }
  if (client.groups.length === 0) thread.unref();
}

function lose(client: Client, settings: WriterSettings, thread: Worker, cause: unknown): void {
  if (client.thread !== thread) return;
  client.thread = null;
  for (const group of client.groups.splice(0))
    group.reject(new UncertainAppend("The audit writer stopped.", { cause }));
  client.resting = true;
  void sleep(RESTART_PAUSE_MS, undefined, { ref: false }).then(() => {
    client.resting = false;
    for (const group of client.groups) post(client, settings, group);
  });
}

async function stop(thread: Worker): Promise<void> {
  const gone = new Promise<void>((resolve) => thread.once("exit", () => resolve()));
  thread.ref();
  thread.postMessage({ close: true } satisfies WriterRequest);
  await Promise.race([gone, sleep(CLOSE_LIMIT_MS, undefined, { ref: false })]);
  thread.unref();
  void thread.terminate();
}

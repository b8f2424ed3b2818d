import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Placed } from "../../../lib/audit/stamp-record";
import { UncertainAppend } from "../../../lib/audit/uncertain-append";
import type { WriterReply, WriterRequest, WriterSettings } from "./writer-messages";

export interface WriterClient {
  /** One group commit at a time. Resolves with places when durable; rejects with UncertainAppend when nobody can say. */
  commit(events: string): Promise<readonly Placed[]>;
  /** Lets the thread finish and go; after two seconds it is abandoned. */
  close(): Promise<void>;
}

const RESTART_PAUSE_MS = 100;
const CLOSE_LIMIT_MS = 2_000;

interface Commit {
  resolve(places: readonly Placed[]): void;
  reject(error: Error): void;
}

interface Client {
  thread: Worker | null;
  current: Commit | null;
  /** Not before this time of the monotonic clock: a thread that dies at once must not be started in a tight loop. */
  restartAt: number;
}

/** The writing thread as seen from here. Started when needed, and again after it died; it holds the process only while it works. */
export function createWriterClient(settings: WriterSettings): WriterClient {
  const client: Client = { thread: null, current: null, restartAt: 0 };
  return Object.freeze({
    async commit(events: string): Promise<readonly Placed[]> {
      if (client.thread === null) await sleep(Math.max(0, client.restartAt - performance.now()));
      const thread = (client.thread ??= start(client, settings));
      return new Promise((resolve, reject) => {
        client.current = { resolve, reject };
        thread.ref();
        thread.postMessage({ events } satisfies WriterRequest);
      });
    },
    close: () => (client.thread === null ? Promise.resolve() : stop(client.thread)),
  });
}

function start(client: Client, settings: WriterSettings): Worker {
  const thread = new Worker(join(__dirname, "writer-thread.js"), { workerData: settings, execArgv: [] });
  thread.on("message", (reply: WriterReply) => settle(client, thread, reply));
  thread.on("error", (error) => lose(client, thread, error));
  thread.on("exit", (code) => lose(client, thread, new Error(`exit code ${code}`)));
  return thread;
}

function settle(client: Client, thread: Worker, reply: WriterReply): void {
  const commit = client.current;
  client.current = null;
  thread.unref();
  if ("places" in reply) commit?.resolve(reply.places);
  else commit?.reject(reply.uncertain ? new UncertainAppend(reply.error) : new Error(reply.error));
}

function lose(client: Client, thread: Worker, cause: unknown): void {
  if (client.thread !== thread) return;
  client.thread = null;
  client.restartAt = performance.now() + RESTART_PAUSE_MS;
  client.current?.reject(new UncertainAppend("The audit writer stopped.", { cause }));
  client.current = null;
}

async function stop(thread: Worker): Promise<void> {
  const gone = new Promise<void>((resolve) => thread.once("exit", () => resolve()));
  thread.ref();
  thread.postMessage({ close: true } satisfies WriterRequest);
  await Promise.race([gone, sleep(CLOSE_LIMIT_MS, undefined, { ref: false })]);
  thread.unref();
  void thread.terminate();
}

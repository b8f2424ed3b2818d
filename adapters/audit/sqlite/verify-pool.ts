import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { RangeReport } from "../../../lib/audit/verify-range";
import type { RowRange } from "./range-reader";
import type { VerifierReply, VerifierSettings } from "./verify-thread";

/** Threads that check ranges of rows; one range each at a time. */
export interface VerifyPool {
  verify(range: RowRange): Promise<RangeReport>;
  close(): Promise<void>;
}

interface Job {
  readonly range: RowRange;
  resolve(report: RangeReport): void;
  reject(error: Error): void;
}

/** Each thread keeps to the memory that reading row by row needs. */
const LIMITS = Object.freeze({ maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 64 });

export function createVerifyPool(settings: VerifierSettings, size: number): VerifyPool {
  const waiting: Job[] = [];
  const idle: Worker[] = [];
  const threads: Worker[] = [];

  function dispatch(): void {
    if (waiting.length > 0 && idle.length === 0 && threads.length < size) idle.push(start());
    const thread = waiting.length > 0 ? idle.pop() : undefined;
    const job = thread && waiting.shift();
    if (job !== undefined) run(thread, job);
  }

  function start(): Worker {
    const script = join(__dirname, "verify-thread.js");
    const thread = new Worker(script, { workerData: settings, execArgv: [], resourceLimits: LIMITS });
    threads.push(thread);
    return thread;
  }

  function run(thread: Worker | undefined, job: Job): void {
    const lost = (cause: unknown): void => job.reject(new Error("A verifying thread stopped.", { cause }));
    thread?.once("error", lost).once("message", (reply: VerifierReply) => {
      thread.off("error", lost);
      idle.push(thread);
      if ("report" in reply) job.resolve(reply.report);
      else job.reject(new Error(reply.error));
      dispatch();
    });
    thread?.postMessage(job.range);
  }

  return Object.freeze({
    verify: (range: RowRange) =>
      new Promise<RangeReport>((resolve, reject) => {
        waiting.push({ range, resolve, reject });
        dispatch();
      }),
    async close(): Promise<void> {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  });
}

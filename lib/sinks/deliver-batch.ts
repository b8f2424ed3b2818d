import type { AuditSink } from "../ports/audit-sink";
import type { Batch } from "./open-batch";
import { SinkTrouble } from "./sink-trouble";

/** Gives a batch to a sink; whatever it does, this settles: in time, or when `stop` aborts. */
export async function deliverBatch(
  sink: AuditSink,
  { records }: Batch,
  timeoutMs: number,
  stop: AbortSignal,
): Promise<void> {
  const ending = new AbortController();
  const given = new Promise<never>((_, reject) => {
    ending.signal.addEventListener("abort", () => reject(ending.signal.reason as Error), { once: true });
  });
  given.catch(() => undefined);
  const timer = setTimeout(() => ending.abort(overdue(timeoutMs)), timeoutMs).unref();
  const stopped = (): void => ending.abort(new SinkTrouble("the gate was stopped before the sink answered"));
  stop.addEventListener("abort", stopped, { once: true });
  if (stop.aborted) stopped();
  try {
    await Promise.race([Promise.resolve().then(() => sink.deliver(records, ending.signal)), given]);
  } finally {
    clearTimeout(timer);
    stop.removeEventListener("abort", stopped);
  }
}

function overdue(timeoutMs: number): SinkTrouble {
  return new SinkTrouble(`it did not answer within ${Math.round(timeoutMs / 1_000)} seconds`);
}

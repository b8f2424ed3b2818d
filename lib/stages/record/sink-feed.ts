import type { AuditRecord } from "../../audit/record";
import type { AuditObserver } from "../../ports/audit-sink";
import type { Logger } from "../../ports/logger";

export interface SinkFeed {
  /** Hands durable records on, in order, after this turn of the event loop. */
  tell(records: readonly AuditRecord[]): void;
  /** Hands on at once what waits. */
  flush(): void;
  /** How often a sink threw. */
  failures(): number;
}

/** Observers are out of band: what they throw is counted and logged, and changes nothing. */
export function createSinkFeed(sinks: readonly AuditObserver[], logger: Logger): SinkFeed {
  let pending: AuditRecord[] = [];
  let failed = 0;

  function flush(): void {
    const records = Object.freeze(pending);
    pending = [];
    if (records.length > 0) for (const sink of sinks) void tellSink(sink, records);
  }

  /** An async function is a `write`, too: what it rejects with would end the process. */
  async function tellSink(sink: AuditObserver, records: readonly AuditRecord[]): Promise<void> {
    try {
      const told: unknown = sink.write(records);
      await told;
    } catch (error) {
      failed += 1;
      logger.error("an audit observer failed", { sink: sink.name, records: records.length, error: nameOf(error) });
    }
  }

  return Object.freeze({
    tell(records: readonly AuditRecord[]): void {
      if (sinks.length === 0 || records.length === 0) return;
      if (pending.length === 0) setImmediate(flush);
      pending.push(...records);
    },
    flush,
    failures: () => failed,
  });
}

/** A sink's message could quote a record; its name cannot. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

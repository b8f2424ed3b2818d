import type { StoredRecord } from "../../lib/ports/audit-log";
import type { AuditSink } from "../../lib/ports/audit-sink";

export interface CollectingSink {
  readonly sink: AuditSink;
  /** What it acknowledged: `node:seq`, in the order that it came. */
  readonly got: string[];
  /** Sizes of the batches that it was given, those that it refused included. */
  readonly batches: number[];
  /** Called before each acknowledgement: throw to refuse, never resolve to hang. */
  answer: (records: readonly StoredRecord[], signal: AbortSignal) => unknown;
  /** Resolves once it has so many. */
  has(count: number): Promise<void>;
}

/** A sink as a test wants it. */
export function collectingSink(name = "copy", more: Partial<AuditSink> = {}): CollectingSink {
  const collecting: CollectingSink = {
    ...{ got: [], batches: [], answer: () => undefined },
    sink: {
      name,
      ...more,
      async deliver(records, signal) {
        collecting.batches.push(records.length);
        await collecting.answer(records, signal);
        collecting.got.push(...records.map(({ record }) => `${record.node}:${record.seq}`));
      },
    },
    async has(count) {
      while (collecting.got.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
    },
  };
  return collecting;
}

/** `one:1` to `one:N`. */
export function upTo(node: string, last: number, first = 1): readonly string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => `${node}:${first + index}`);
}

import type { AuditLog, StoredRecord } from "../ports/audit-log";
import type { BatchLimits } from "../ports/audit-sink";

/** Records of one chain that go to a sink together, and again and again until it has them. */
export interface Batch {
  readonly node: string;
  readonly records: readonly StoredRecord[];
}

export const BATCH_LIMITS: BatchLimits = Object.freeze({ records: 100, bytes: 1_000_000 });

/** The next records of a chain after a position, at least one; null when there is none. */
export async function openBatch(
  log: AuditLog,
  node: string,
  afterSeq: number,
  { records, bytes }: BatchLimits,
): Promise<Batch | null> {
  const page = await log.read({ node, afterSeq, limit: Math.max(1, records) });
  let size = 0;
  const most = page.findIndex((record) => (size += record.bytes.length) > bytes);
  const within = most === -1 ? page : page.slice(0, Math.max(1, most));
  return within.length === 0 ? null : Object.freeze({ node, records: Object.freeze(within) });
}

export function lastSeq({ records }: Batch): number {
  return records.at(-1)?.record.seq ?? 0;
}

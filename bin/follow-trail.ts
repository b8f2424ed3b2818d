import { setTimeout as sleep } from "node:timers/promises";
import { matchesFilter, searchTrail, type TrailFilter } from "../lib/admin/search-trail";
import type { AuditRecord } from "../lib/audit/record";
import type { AuditLog } from "../lib/ports/audit-log";

const LOOK_MS = 250;
const PAGE = 500;

/** Tells of the newest `limit` records of the filter, then of each that comes, once, until the signal aborts. */
export async function followTrail(
  audit: AuditLog,
  { filter, limit }: { readonly filter: TrailFilter; readonly limit: number },
  signal: AbortSignal,
  tell: (records: readonly AuditRecord[]) => void,
): Promise<void> {
  const seen = new Map((await audit.heads()).map(({ node, seq }) => [node, seq]));
  const newest = (await searchTrail(audit, filter, { limit })).records.toReversed();
  tell(newest.filter(({ node, seq }) => seq <= (seen.get(node) ?? 0)));
  while (!signal.aborted) {
    const records = await readOn(audit, seen);
    const wanted = records.filter((record) => matchesFilter(record, filter));
    if (wanted.length > 0) tell(wanted);
    if (records.length === 0) await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** The next page of every chain, in the order of time. */
async function readOn(audit: AuditLog, seen: Map<string, number>): Promise<readonly AuditRecord[]> {
  const records: AuditRecord[] = [];
  for (const { node, seq } of await audit.heads()) {
    const afterSeq = seen.get(node) ?? 0;
    if (seq <= afterSeq) continue;
    const page = await audit.read({ node, afterSeq, limit: PAGE });
    records.push(...page.map(({ record }) => record));
    seen.set(node, page.at(-1)?.record.seq ?? seq);
  }
  return records.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.seq - b.seq));
}

import type { AuditRecord, RecordKind } from "../audit/record";
import type { AuditLog, AuditQuery, StoredRecord } from "../ports/audit-log";

/** Which records are meant: all that is named must hold. */
export interface TrailFilter {
  /** RFC 3339, UTC, milliseconds: this time or later. */
  readonly since?: string;
  /** Before this time. */
  readonly until?: string;
  readonly node?: string;
  readonly kind?: RecordKind;
  readonly user?: string;
  readonly keyId?: string;
  readonly model?: string;
  readonly decision?: "allow" | "deny";
  /** The reason of a refusal, or the rule that decided. */
  readonly rule?: string;
  /** What DLP found, in either direction. */
  readonly entity?: string;
  readonly requestId?: string;
}

export interface TrailPage {
  /** The newest first. */
  readonly records: readonly AuditRecord[];
  /** Gives the next page; null after the last. */
  readonly cursor: string | null;
}

const PAGE = 500;
const DEFAULT_LIMIT = 100;

/** One page of the trail. Rejects as the log does. */
export async function searchTrail(
  log: AuditLog,
  filter: TrailFilter,
  { limit = DEFAULT_LIMIT, cursor }: { readonly limit?: number; readonly cursor?: string } = {},
): Promise<TrailPage> {
  const records: AuditRecord[] = [];
  let before = cursor;
  for (;;) {
    const page = await log.read({ ...queryOf(filter), limit: PAGE, ...(before !== undefined && { before }) });
    for (const { record, position } of [...page].reverse()) {
      if (!matchesFilter(record, filter)) continue;
      if (records.length === limit) return { records, cursor: before ?? null };
      records.push(record);
      before = position;
    }
    if (page.length < PAGE) return { records, cursor: null };
    before = page[0]?.position;
  }
}

/** Every record of the filter, the first that was written first; ends with what was there when it comes to the end. */
export async function* everyRecord(log: AuditLog, filter: TrailFilter): AsyncGenerator<StoredRecord> {
  for (let after = "-1"; ;) {
    const page = await log.read({ ...queryOf(filter), limit: PAGE, after });
    yield* page.filter(({ record }) => matchesFilter(record, filter));
    if (page.length < PAGE) return;
    after = page.at(-1)?.position ?? after;
  }
}

/** What the log finds by itself. */
function queryOf({ rule: _rule, entity: _entity, ...query }: TrailFilter): AuditQuery {
  return query;
}

export function matchesFilter(record: AuditRecord, filter: TrailFilter): boolean {
  const { since = "", until, rule, entity, ...fixed } = filter;
  if (record.at < since || (until !== undefined && record.at >= until)) return false;
  if (rule !== undefined && record.reason !== rule && record.rule !== rule) return false;
  if (entity !== undefined && !hasFinding(record, entity)) return false;
  return (Object.keys(fixed) as (keyof typeof fixed)[]).every((name) => record[name] === fixed[name]);
}

function hasFinding({ dlp }: AuditRecord, entity: string): boolean {
  return [dlp?.request, dlp?.response].some((report) => report != null && Object.hasOwn(report.findings, entity));
}

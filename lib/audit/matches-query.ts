import type { AuditQuery } from "../ports/audit-log";
import { columnText, type ChainColumns } from "./chain-row";

export const DEFAULT_QUERY_LIMIT = 100;

/** Whether a row belongs to the answer of a query; positions among all chains and `limit` aside. */
export function matchesQuery(columns: ChainColumns, query: AuditQuery): boolean {
  const { afterSeq = -Infinity, since = "", until } = query;
  if (columns.seq <= afterSeq || columns.at < since || (until !== undefined && columns.at >= until)) return false;
  return queryColumns(query).every(([column, value]) => columns[column] === value);
}

/** Whether the answer is what comes next after a position, not the newest there is. */
export function readsForward({ after, afterSeq }: AuditQuery): boolean {
  return after !== undefined || afterSeq !== undefined;
}

/** The columns that a query fixes, with their values as columns keep them. */
export function queryColumns(query: AuditQuery): readonly (readonly [keyof ChainColumns, string])[] {
  const { node, kind, user, keyId, model, decision, reason, requestId } = query;
  const fixed = { node, kind, user, keyId, model, decision, reason, requestId };
  return Object.entries(fixed).flatMap(([column, value]) =>
    value === undefined ? [] : [[column as keyof ChainColumns, columnText(value) ?? ""] as const],
  );
}

import type { AuditQuery } from "../ports/audit-log";
import { columnText, type ChainColumns } from "./chain-row";

export const DEFAULT_QUERY_LIMIT = 100;

/** Whether a row belongs to the answer of a query; `limit` aside. */
export function matchesQuery(columns: ChainColumns, query: AuditQuery): boolean {
  const wanted = queryColumns(query).every(([column, value]) => columns[column] === value);
  return wanted && (query.afterSeq === undefined || columns.seq > query.afterSeq);
}

/** The columns that a query fixes, with their values as columns keep them. */
export function queryColumns(query: AuditQuery): readonly (readonly [keyof ChainColumns, string])[] {
  const { node, kind, user, requestId } = query;
  return Object.entries({ node, kind, user, requestId }).flatMap(([column, value]) =>
    value === undefined ? [] : [[column as keyof ChainColumns, columnText(value) ?? ""] as const],
  );
}

import { DummyDriver, Kysely, sql, type CompiledQuery, type Dialect, type RawBuilder } from "kysely";
import type { ChainColumns } from "../../lib/audit/chain-row";
import { DEFAULT_QUERY_LIMIT, queryColumns } from "../../lib/audit/matches-query";
import type { AuditQuery } from "../../lib/ports/audit-log";

/** The table, with our names for its columns. */
interface AuditTable {
  node: string;
  boot: string;
  seq: number;
  record: Uint8Array;
  hash: Uint8Array;
  at: string;
  kind: string;
  organization: string | null;
  user: string | null;
  key_id: string | null;
  request_id: string | null;
  protocol: string | null;
  model: string | null;
  decision: string | null;
  reason: string | null;
  status: number | null;
  outcome: string | null;
}

export interface TrailDialect extends Pick<Dialect, "createAdapter" | "createIntrospector" | "createQueryCompiler"> {
  /** The column that counts rows in the order they were written. */
  readonly position: string;
}

export interface TrailQueries {
  /**
   * The newest rows in the order of their commits, newest first; or those after a position, the first of them first.
   * Each with its position among all as `place`.
   */
  rowsOf(query: AuditQuery): CompiledQuery;
  /** Intents of a node's other boots that nothing has ended. The inner query is answered by the index `audit_open` alone. */
  openIntentsOf(node: string, boot: string): CompiledQuery;
}

const COLUMN_OF = { keyId: "key_id", requestId: "request_id" } as const;

function columnOf(member: keyof ChainColumns): Exclude<keyof AuditTable, "record" | "hash"> {
  return member === "keyId" || member === "requestId" ? COLUMN_OF[member] : member;
}

type AuditDatabase = Kysely<{ audit: AuditTable }>;
type PositionIn = (table: string) => RawBuilder<number>;

/** Writes SQL and runs nothing: the trail's connection is not Kysely's. */
export function trailQueries({ position, ...dialect }: TrailDialect): TrailQueries {
  const build: AuditDatabase = new Kysely({ dialect: { ...dialect, createDriver: () => new DummyDriver() } });
  const positionIn: PositionIn = (table) => sql.ref<number>(`${table}.${position}`);
  return Object.freeze({
    rowsOf: (query: AuditQuery) => rowsOf(build, positionIn, query),
    openIntentsOf: (node: string, boot: string) => openIntentsOf(build, positionIn, node, boot),
  });
}

function rowsOf(build: AuditDatabase, positionIn: PositionIn, query: AuditQuery): CompiledQuery {
  let rows = build
    .selectFrom("audit")
    .selectAll()
    .select(positionIn("audit").as("place"))
    .limit(query.limit ?? DEFAULT_QUERY_LIMIT);
  for (const [member, value] of queryColumns(query)) rows = rows.where(columnOf(member), "=", value);
  const { since, until, before, after, afterSeq } = query;
  if (since !== undefined) rows = rows.where("at", ">=", since);
  if (until !== undefined) rows = rows.where("at", "<", until);
  if (before !== undefined) rows = rows.where(positionIn("audit"), "<", Number(before));
  if (after !== undefined) rows = rows.where(positionIn("audit"), ">", Number(after));
  if (afterSeq !== undefined) return rows.where("seq", ">", afterSeq).orderBy("seq").compile();
  return rows.orderBy(positionIn("audit"), after === undefined ? "desc" : "asc").compile();
}

function openIntentsOf(build: AuditDatabase, positionIn: PositionIn, node: string, boot: string): CompiledQuery {
  return build
    .selectFrom("audit")
    .selectAll()
    .select(positionIn("audit").as("place"))
    .where("boot", "<>", boot)
    .where(positionIn("audit"), "in", ({ selectFrom }) =>
      selectFrom("audit as intent")
        .select(positionIn("intent").as("id"))
        .where("intent.node", "=", node)
        .where("intent.kind", "=", "intent")
        .where(({ not, exists, selectFrom: from }) =>
          not(
            exists(
              from("audit as ending")
                .select("ending.node")
                .whereRef("ending.node", "=", "intent.node")
                .where("ending.kind", "in", ["completion", "interrupted"])
                .whereRef("ending.request_id", "=", "intent.request_id"),
            ),
          ),
        ),
    )
    .orderBy("seq")
    .compile();
}

import { DummyDriver, Kysely, sql, type CompiledQuery, type Dialect } from "kysely";
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
  /** The newest rows in the order of their commits, newest first; or those after a position of one chain, in its order. */
  rowsOf(query: AuditQuery): CompiledQuery;
  /** Intents of a node's other boots that nothing has ended. The inner query is answered by the index `audit_open` alone. */
  openIntentsOf(node: string, boot: string): CompiledQuery;
}

const COLUMN_OF = { keyId: "key_id", requestId: "request_id" } as const;

function columnOf(member: keyof ChainColumns): Exclude<keyof AuditTable, "record" | "hash"> {
  return member === "keyId" || member === "requestId" ? COLUMN_OF[member] : member;
}

/** Writes SQL and runs nothing: the trail's connection is not Kysely's. */
export function trailQueries({ position, ...dialect }: TrailDialect): TrailQueries {
  const build = new Kysely<{ audit: AuditTable }>({ dialect: { ...dialect, createDriver: () => new DummyDriver() } });
  const positionIn = (table: string) => sql.ref<number>(`${table}.${position}`);
  return Object.freeze({
    rowsOf(query: AuditQuery): CompiledQuery {
      let rows = build
        .selectFrom("audit")
        .selectAll()
        .limit(query.limit ?? DEFAULT_QUERY_LIMIT);
      for (const [member, value] of queryColumns(query)) rows = rows.where(columnOf(member), "=", value);
      if (query.afterSeq === undefined) return rows.orderBy(positionIn("audit"), "desc").compile();
      return rows.where("seq", ">", query.afterSeq).orderBy("seq").compile();
    },
    openIntentsOf: (node: string, boot: string) =>
      build
        .selectFrom("audit")
        .selectAll()
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
        .compile(),
  });
}

import {
  DummyDriver,
  Kysely,
  sql,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
} from "kysely";
import type { ChainColumns } from "../../../lib/audit/chain-row";
import { DEFAULT_QUERY_LIMIT, queryColumns } from "../../../lib/audit/matches-query";
import type { AuditQuery } from "../../../lib/ports/audit-log";

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

/** Writes SQL and runs nothing: the trail's connection is not Kysely's. */
const build = new Kysely<{ audit: AuditTable }>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

const COLUMN_OF = { keyId: "key_id", requestId: "request_id" } as const;

function columnOf(member: keyof ChainColumns): Exclude<keyof AuditTable, "record" | "hash"> {
  return member === "keyId" || member === "requestId" ? COLUMN_OF[member] : member;
}

/** The newest rows in the order of their commits, newest first; or those after a position of one chain, in its order. */
export function rowsOf(query: AuditQuery): CompiledQuery {
  let rows = build
    .selectFrom("audit")
    .selectAll()
    .limit(query.limit ?? DEFAULT_QUERY_LIMIT);
  for (const [member, value] of queryColumns(query)) rows = rows.where(columnOf(member), "=", value);
  if (query.afterSeq === undefined) return rows.orderBy(sql`rowid`, "desc").compile();
  return rows.where("seq", ">", query.afterSeq).orderBy("seq").compile();
}

/** Intents of a node's other boots that nothing has ended. The inner query is answered by the index `audit_open` alone. */
export function openIntentsOf(node: string, boot: string): CompiledQuery {
  return build
    .selectFrom("audit")
    .selectAll()
    .where("boot", "<>", boot)
    .where(sql<number>`audit.rowid`, "in", ({ selectFrom }) =>
      selectFrom("audit as intent")
        .select(sql<number>`intent.rowid`.as("id"))
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

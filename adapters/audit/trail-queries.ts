import {
  DummyDriver,
  Kysely,
  sql,
  type CompiledQuery,
  type Dialect,
  type ExpressionBuilder,
  type RawBuilder,
} from "kysely";
import type { ChainColumns } from "../../lib/audit/chain-row";
import { DEFAULT_QUERY_LIMIT, queryColumns } from "../../lib/audit/matches-query";
import type { AuditQuery } from "../../lib/ports/audit-log";

/** Request ids behind one, up to another. */
export interface IdRange {
  readonly after: string | null;
  readonly through: string | null;
}

const ALL_IDS: IdRange = Object.freeze({ after: null, through: null });

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
  openIntentsOf(node: string, boot: string, ids?: IdRange): CompiledQuery;
  /** The request id that so many intents lie before, counted from behind `after`; no row when there are not so many. */
  intentAt(node: string, after: string, count: number): CompiledQuery;
}

const COLUMN_OF = { keyId: "key_id", requestId: "request_id" } as const;

function columnOf(member: keyof ChainColumns): Exclude<keyof AuditTable, "record" | "hash"> {
  return member === "keyId" || member === "requestId" ? COLUMN_OF[member] : member;
}

/** With the name under which a query sees an intent. */
interface IntentTable {
  audit: AuditTable;
  intent: AuditTable;
}

type AuditDatabase = Kysely<{ audit: AuditTable }>;
type PositionIn = (table: string) => RawBuilder<number>;

/** Writes SQL and runs nothing: the trail's connection is not Kysely's. */
export function trailQueries({ position, ...dialect }: TrailDialect): TrailQueries {
  const build: AuditDatabase = new Kysely({ dialect: { ...dialect, createDriver: () => new DummyDriver() } });
  const positionIn: PositionIn = (table) => sql.ref<number>(`${table}.${position}`);
  return Object.freeze({
    rowsOf: (query: AuditQuery) => rowsOf(build, positionIn, query),
    openIntentsOf: (node: string, boot: string, ids: IdRange = ALL_IDS) =>
      openIntentsOf(build, positionIn, { node, boot, ids }),
    intentAt: (node: string, after: string, count: number) => intentAt(build, { node, after, count }),
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

interface OpenIntents {
  readonly node: string;
  readonly boot: string;
  readonly ids: IdRange;
}

function openIntentsOf(build: AuditDatabase, positionIn: PositionIn, { node, boot, ids }: OpenIntents): CompiledQuery {
  return build
    .selectFrom("audit")
    .selectAll()
    .select(positionIn("audit").as("place"))
    .where("boot", "<>", boot)
    .where(positionIn("audit"), "in", withoutEnding(build, positionIn, node, ids))
    .orderBy("seq")
    .compile();
}

/**
 * Each ending of each intent is looked up by all columns of the index. Said as a join, or for both kinds at once, a database
 * that knows nothing yet of its tables goes through all endings for each intent.
 */
function withoutEnding(build: AuditDatabase, positionIn: PositionIn, node: string, { after, through }: IdRange) {
  const endings = ({ selectFrom, fn }: ExpressionBuilder<IntentTable, "intent">, kind: string) =>
    selectFrom("audit as ending")
      .select(fn.countAll<number>().as("endings"))
      .whereRef("ending.node", "=", "intent.node")
      .where("ending.kind", "=", kind)
      .whereRef("ending.request_id", "=", "intent.request_id");
  const open = intentsOf(build, node)
    .select(positionIn("intent").as("id"))
    .where((intent) => endings(intent, "completion"), "=", 0)
    .where((intent) => endings(intent, "interrupted"), "=", 0);
  const behind = after === null ? open : open.where("intent.request_id", ">", after);
  return through === null ? behind : behind.where("intent.request_id", "<=", through);
}

function intentsOf(build: AuditDatabase, node: string) {
  return build.selectFrom("audit as intent").where("intent.node", "=", node).where("intent.kind", "=", "intent");
}

interface IntentPlace {
  readonly node: string;
  readonly after: string;
  readonly count: number;
}

function intentAt(build: AuditDatabase, { node, after, count }: IntentPlace): CompiledQuery {
  const behind = intentsOf(build, node).select("intent.request_id").where("intent.request_id", ">", after);
  return behind.orderBy("intent.request_id").limit(1).offset(count).compile();
}

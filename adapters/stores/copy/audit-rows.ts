import { sql, type Kysely, type RawBuilder } from "kysely";
import type { Schema } from "../kysely/schema";
import type { SqlSeam } from "../kysely/seam";
import type { Batch, Place } from "./copied-rows";

const TEXTS = [
  ...["node", "boot", "at", "kind", "organization", "user", "key_id", "request_id", "protocol", "model"],
  ...["decision", "reason", "outcome"],
] as const;

/** A record with its columns exactly as they are kept: the trail's text is not escaped as other text is. */
interface AuditRow {
  readonly place: unknown;
  readonly seq: unknown;
  readonly status: unknown;
  readonly record: Uint8Array;
  readonly hash: Uint8Array;
  readonly texts: readonly (string | null)[];
}

const MOST_ROWS = 1_000;

/** The next records after a place, in the order they were written. */
export async function auditBatch(from: SqlSeam, to: SqlSeam, after: Place | null): Promise<Batch> {
  const rows = await readRows(from, Number(after?.[0] ?? -1));
  const last = rows.at(-1);
  return {
    rows: rows.length,
    place: last === undefined ? after : [Number(last.place)],
    write: (db) =>
      rows.length === 0 ? Promise.resolve() : isPostgres(to) ? intoPostgres(db, rows) : intoSqlite(db, rows),
  };
}

/** The place of the last record; -1 when there is none. */
export async function lastPlace({ reads, ...seam }: SqlSeam): Promise<number> {
  const place = placeIn(seam);
  const { rows } = await sql<{ readonly last: unknown }>`select coalesce(max(${place}), -1) as last from audit`.execute(
    reads,
  );
  return Number(rows[0]?.last);
}

/** How far each chain goes, and the hash of its last record: what a copy of the trail must agree in. */
export async function chainHeads({ reads }: SqlSeam): Promise<string> {
  const { rows } = await sql<{ readonly node: string; readonly seq: unknown; readonly hash: Uint8Array }>`
    select audit.node, audit.seq, audit.hash from audit
    join (select node, max(seq) as seq from audit group by node) as heads
      on heads.node = audit.node and heads.seq = audit.seq
  `.execute(reads);
  return rows
    .map(({ node, seq, hash }) => `${node} ${String(seq)} ${Buffer.from(hash).toString("hex")}`)
    .sort()
    .join("\n");
}

function isPostgres({ types }: Pick<SqlSeam, "types">): boolean {
  return types.position !== null;
}

function placeIn(seam: Pick<SqlSeam, "types">): RawBuilder<unknown> {
  return sql.ref(isPostgres(seam) ? "position" : "rowid");
}

async function readRows(from: SqlSeam, after: number): Promise<readonly AuditRow[]> {
  const place = placeIn(from);
  const columns = sql.join(TEXTS.map((name) => sql.ref(name)));
  const texts = isPostgres(from) ? sql`array[${columns}] as texts` : columns;
  const { rows } = await sql<AuditRow & Readonly<Record<string, string | null>>>`
    select ${place} as place, seq, status, record, hash, ${texts} from audit
    where ${place} > ${after} order by ${place} limit ${MOST_ROWS}
  `.execute(from.reads);
  return isPostgres(from) ? rows : rows.map((row) => ({ ...row, texts: TEXTS.map((name) => row[name] ?? null) }));
}

const NAMES = sql.join(["seq", "status", "record", "hash", ...TEXTS].map((name) => sql.ref(name)));

async function intoSqlite(to: Kysely<Schema>, rows: readonly AuditRow[]): Promise<void> {
  const values = rows.map(
    ({ seq, status, record, hash, texts }) => sql`(${sql.join([seq, status, record, hash, ...texts])})`,
  );
  await sql`insert into audit (${NAMES}) values ${sql.join(values)}`.execute(to);
}

/** Lists of texts go as they are. */
async function intoPostgres(to: Kysely<Schema>, rows: readonly AuditRow[]): Promise<void> {
  const lists = [
    sql`${rows.map(({ seq }) => seq)}::bigint[]`,
    sql`${rows.map(({ status }) => status)}::bigint[]`,
    sql`${rows.map(({ record }) => Buffer.from(record))}::bytea[]`,
    sql`${rows.map(({ hash }) => Buffer.from(hash))}::bytea[]`,
    ...TEXTS.map((_, at) => sql`${rows.map(({ texts }) => texts[at] ?? null)}::text[]`),
  ];
  await sql`
    insert into audit (${NAMES})
    select ${NAMES} from unnest(${sql.join(lists)}) with ordinality as new (${NAMES}, nth) order by nth
  `.execute(to);
}

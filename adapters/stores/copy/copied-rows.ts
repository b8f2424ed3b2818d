import { sql, type Kysely } from "kysely";
import type { Schema } from "../kysely/schema";
import type { CopiedTable } from "./copied-tables";

/** A row of any table, as the database gives it. */
type Row = Readonly<Record<string, unknown>>;

/** Where a step of a copy has come: the key of its last row. */
export type Place = readonly (string | number)[];

export interface Batch {
  readonly rows: number;
  readonly place: Place | null;
  write(to: Kysely<Schema>): Promise<void>;
}

const MOST_ROWS = 1_000;

/** The next rows of a table after a place. */
export async function tableBatch(from: Kysely<Schema>, table: CopiedTable, after: Place | null): Promise<Batch> {
  const key = sql.join(table.key.map((column) => sql.ref(column)));
  const rest = after === null ? sql`` : sql`where (${key}) > (${sql.join([...after])})`;
  const { rows } = await sql<Row>`
    select * from ${sql.table(table.name)} ${rest} order by ${key} limit ${MOST_ROWS}
  `.execute(from);
  const last = rows.at(-1);
  return {
    rows: rows.length,
    place: last === undefined ? after : table.key.map((column) => placePart(last[column])),
    write: (to) => insertRows(to, table.name, rows),
  };
}

/** Keys are texts and, in one table, a whole number. */
function placePart(value: unknown): string | number {
  return typeof value === "string" ? value : Number(value);
}

async function insertRows(to: Kysely<Schema>, table: string, rows: readonly Row[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first);
  const values = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`);
  const names = sql.join(columns.map((column) => sql.ref(column)));
  await sql`insert into ${sql.table(table)} (${names}) values ${sql.join(values)}`.execute(to);
}

export async function countRows(db: Kysely<Schema>, table: string): Promise<number> {
  const { rows } = await sql<{ readonly n: unknown }>`select count(*) as n from ${sql.table(table)}`.execute(db);
  return Number(rows[0]?.n);
}

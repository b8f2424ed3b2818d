import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, type PostgresQueryResult } from "kysely";
import type { BoundedClient, BoundedPool } from "../../postgres/bounded-pool";
import type { PgResult } from "../../postgres/load-pg";
import type { Schema } from "../kysely/schema";
import { escapeText, unescapeText } from "./text-escape";

/** Kysely over a pool; every text goes in and comes out escaped, whatever the query. */
export function kyselyOver(pool: BoundedPool): Kysely<Schema> {
  const connect = async () => kyselyClient(await pool.connect());
  return new Kysely<Schema>({
    dialect: new PostgresDialect({ pool: { connect, end: pool.end } satisfies PostgresPool }),
  });
}

function kyselyClient(client: BoundedClient): PostgresPoolClient {
  const query = async (text: string, values: readonly unknown[]) =>
    readResult(await client.query(text, values.map(escapeText)));
  return { query: query as PostgresPoolClient["query"], release: client.release };
}

function readResult({ command, rowCount, rows }: PgResult): PostgresQueryResult<unknown> {
  return {
    command: command as PostgresQueryResult<unknown>["command"],
    rowCount: rowCount ?? 0,
    rows: rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([column, value]) => [column, unescapeText(value)])),
    ),
  };
}

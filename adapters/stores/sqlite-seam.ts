import { setTimeout as sleep } from "node:timers/promises";
import { Kysely, SqliteDialect, sql, type SqliteDatabase, type SqliteStatement as KyselyStatement } from "kysely";
import { LRUCache } from "lru-cache";
import { ConfigurationError } from "../../lib/denial";
import type { Schema } from "./kysely/schema";
import type { SqlSeam } from "./kysely/seam";
import {
  openSqlite,
  type SqliteConnection,
  type SqliteDriverName,
  type SqliteStatement,
  type SqliteValue,
} from "./sqlite-driver";
import { sqliteErrorName } from "./sqlite-error";

const LOCK_TIMEOUT_MS = 5_000;
const LOCK_RETRY_MS = 5;
const FORGET_MS = 1_000;
const PREPARED_STATEMENTS = 200;
/** Of pages, as they are needed: a look-up among a million keys touches pages all over the file. */
const READ_CACHE_KIB = 65_536;

/**
 * Two connections: readers never wait for a writer's transaction and never see inside it, and a commit of ours moves
 * the reader's data version like anybody's.
 */
export function connectSqlite(path: string, driver?: SqliteDriverName): SqlSeam {
  const reads = openSqlite(path, driver === undefined ? {} : { driver });
  try {
    assertOurs(reads);
    const writes = openSqlite(path, { driver: reads.driver, busyTimeoutMs: 0 });
    writes.exec("pragma secure_delete = on");
    reads.exec(`pragma cache_size = -${READ_CACHE_KIB}`);
    return sqliteSeam(reads, writes);
  } catch (error) {
    reads.close();
    throw error;
  }
}

function sqliteSeam(reader: SqliteConnection, writer: SqliteConnection): SqlSeam {
  const mark = reader.prepare("pragma data_version");
  const writes = kyselyOver(writer);
  return Object.freeze({
    label: reader.path,
    reads: kyselyOver(reader),
    writes,
    types: { integer: "integer", bytes: "blob", text: "text", position: null } as const,
    skipLocked: sql``,
    hasTable,
    beginWrite,
    announce: async () => undefined,
    now: null,
    forget: () => forget(writes),
    commitMark: () => Number(mark.get()?.["data_version"]),
    close: async () => {
      await writes.connection().execute(async () => writer.close());
      reader.close();
    },
  });
}

async function hasTable(db: Kysely<Schema>, name: string): Promise<boolean> {
  const { rows } = await sql`select 1 from sqlite_master where type = 'table' and name = ${name}`.execute(db);
  return rows.length > 0;
}

/** One lock stands for all. Waits for it without holding the thread: the gate answers other calls meanwhile. */
async function beginWrite(connection: Kysely<Schema>): Promise<void> {
  const deadline = performance.now() + LOCK_TIMEOUT_MS;
  for (;;) {
    try {
      await sql`begin immediate`.execute(connection);
      return;
    } catch (error) {
      if (sqliteErrorName(error) !== "BUSY" || performance.now() >= deadline) throw error;
      await sleep(LOCK_RETRY_MS);
    }
  }
}

/** Overwritten pages stay in the write-ahead log until it is emptied, for which nobody may be reading older ones. */
async function forget(writes: Kysely<Schema>): Promise<void> {
  const deadline = performance.now() + FORGET_MS;
  for (;;) {
    const { rows } = await sql<{ readonly busy: number }>`pragma wal_checkpoint(truncate)`
      .execute(writes)
      .catch(() => ({ rows: [] }));
    if ((rows[0]?.busy ?? 1) === 0 || performance.now() >= deadline) return;
    await sleep(LOCK_RETRY_MS);
  }
}

/** The audit log may have made its table already; any other table means somebody else's file. */
function assertOurs(connection: SqliteConnection): void {
  const tables = connection
    .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
    .all()
    .map((row) => row["name"]);
  if (tables.includes("gate_migrations") || tables.every((name) => name === "audit")) return;
  throw new ConfigurationError(
    "store_foreign",
    `The database ${connection.path} belongs to another application: give the gate a file of its own.`,
  );
}

function kyselyOver(connection: SqliteConnection): Kysely<Schema> {
  return new Kysely<Schema>({ dialect: new SqliteDialect({ database: withStatementCache(connection) }) });
}

function withStatementCache(connection: SqliteConnection): SqliteDatabase {
  const prepared = new LRUCache<string, KyselyStatement>({ max: PREPARED_STATEMENTS });
  return {
    prepare: (text) => {
      const statement = prepared.get(text) ?? kyselyStatement(connection.prepare(text));
      prepared.set(text, statement);
      return statement;
    },
    close: () => connection.close(),
  };
}

/** Kysely hands parameters over as one list, our drivers take them one by one. */
function kyselyStatement(statement: SqliteStatement): KyselyStatement {
  const values = (parameters: readonly unknown[]) => parameters as readonly SqliteValue[];
  return {
    reader: statement.reader,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}

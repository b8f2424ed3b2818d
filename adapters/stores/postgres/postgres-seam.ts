import { sql, type Kysely } from "kysely";
import { ConfigurationError } from "../../../lib/denial";
import { createBoundedPool } from "../../postgres/bounded-pool";
import { lockNumber } from "../../postgres/lock-number";
import { boundedSettings, type PostgresAddress } from "../../postgres/postgres-address";
import type { Schema } from "../kysely/schema";
import type { SqlSeam } from "../kysely/seam";
import { kyselyOver } from "./kysely-pool";

/** Calls wait for reads, so that these are given up early. */
const READ_MS = 2_000;
/** Writers wait for one another. */
const WRITE_MS = 5_000;
const READERS = 10;
const WRITERS = 5;
/** A writer whose process was stopped in the middle must not hold up all others for good. */
const IDLE_IN_TRANSACTION_MS = 10_000;

const OLDEST_VERSION = 150_000;

const COLUMN_TYPES: SqlSeam["types"] = {
  integer: "bigint",
  bytes: "bytea",
  text: sql`text collate "C"`,
  position: sql`bigint generated always as identity`,
};

/**
 * Two pools, so that calls never wait for a connection that administration holds. `patienceMs` is for work that no call
 * waits for: how long one statement may take.
 */
export async function connectPostgres(
  address: PostgresAddress,
  channel: string | null,
  patienceMs: number = 0,
): Promise<SqlSeam> {
  const readers = createBoundedPool({ ...boundedSettings(address, Math.max(READ_MS, patienceMs)), max: READERS });
  const writers = createBoundedPool({
    ...boundedSettings(address, Math.max(WRITE_MS, patienceMs)),
    max: WRITERS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  });
  const [reads, writes] = [kyselyOver(readers), kyselyOver(writers)];
  const close = async (): Promise<void> => {
    await Promise.all([readers.end(), writers.end()]);
  };
  try {
    await assertUsable(reads, address);
  } catch (error) {
    await close();
    throw error;
  }
  return Object.freeze<SqlSeam>({
    label: address.label,
    reads,
    writes,
    types: COLUMN_TYPES,
    skipLocked: sql`for update skip locked`,
    hasTable,
    beginWrite,
    announce: (tx: Kysely<Schema>, epoch: number) => announce(tx, channel, epoch),
    now: () => databaseTime(reads),
    forget: () => forget(writes),
    commitMark: () => null,
    close,
  });
}

async function assertUsable(db: Kysely<Schema>, { label }: PostgresAddress): Promise<void> {
  const { rows } = await sql<{ readonly version: number; readonly encoding: string }>`
    select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding
  `.execute(db);
  const { version = 0, encoding = "" } = rows[0] ?? {};
  if (version < OLDEST_VERSION) throw unusable(`${label} is on a PostgreSQL before 15`, "use 15 or later");
  if (encoding !== "UTF8") throw unusable(`${label} has the encoding ${encoding}`, "create it with encoding UTF8");
}

function unusable(fault: string, remedy: string): ConfigurationError {
  return new ConfigurationError("store_unreadable", `The database ${fault}: ${remedy}.`);
}

/** In the schema that new tables would be made in. */
async function hasTable(db: Kysely<Schema>, name: string): Promise<boolean> {
  const { rows } = await sql<{ readonly found: boolean }>`
    select to_regclass(quote_ident(current_schema()) || '.' || quote_ident(${name})) is not null as found
  `.execute(db);
  return rows[0]?.found ?? false;
}

async function databaseTime(db: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ readonly now: number }>`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as now
  `.execute(db);
  return Math.floor(rows[0]?.now ?? NaN);
}

/** What was overwritten lies in the table until it is vacuumed. */
async function forget(writes: Kysely<Schema>): Promise<void> {
  await sql`vacuum content_keys`.execute(writes).catch(() => undefined);
}

/** The lock goes with the transaction, whichever way it ends, and after what it committed can be seen. */
async function beginWrite(connection: Kysely<Schema>, lock: string): Promise<void> {
  await sql`begin isolation level read committed`.execute(connection);
  await sql`select pg_advisory_xact_lock(${lockNumber("write", lock)}::bigint)`.execute(connection);
}

/** Sent by the database itself when the transaction commits, whoever the writer is. */
async function announce(tx: Kysely<Schema>, channel: string | null, epoch: number): Promise<void> {
  if (channel !== null) await sql`select pg_notify(${channel}, ${String(epoch)})`.execute(tx);
}

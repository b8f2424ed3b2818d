import type { Kysely } from "kysely";
import { ConfigurationError } from "../../../lib/denial";
import { integerColumn } from "./columns";
import { createSchema } from "./migration-1";
import { addKeyLife } from "./migration-2";
import { addScale } from "./migration-3";
import { addSinks } from "./migration-4";
import { addContentKeys } from "./migration-5";
import { addManyNodes } from "./migration-6";
import type { Schema } from "./schema";
import type { ColumnTypes, SqlSeam } from "./seam";
import { inWriteTransaction } from "./write-transaction";

/** One step of the schema. Never edited once released: the next change is the next number. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  up(db: Kysely<Schema>, types: ColumnTypes): Promise<void>;
}

export const MIGRATIONS: readonly Migration[] = [
  { version: 1, name: "schema", up: createSchema },
  { version: 2, name: "key life", up: addKeyLife },
  { version: 3, name: "scale", up: addScale },
  { version: 4, name: "audit sinks", up: addSinks },
  { version: 5, name: "content keys", up: addContentKeys },
  { version: 6, name: "many nodes", up: addManyNodes },
];

const MIGRATION_LOCK = "migration";

/**
 * Brings the schema up to date, each step in a transaction of its own that also notes it: an interrupted start leaves
 * whole steps behind, and of two starts at once the second finds the step done.
 * Throws ConfigurationError when a newer release has been at this database.
 */
export async function migrate(seam: SqlSeam, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
  const newest = Math.max(...migrations.map((migration) => migration.version));
  const found = await schemaVersion(seam, seam.reads);
  if (found > newest) throw newerSchema(seam, found, newest);
  for (const migration of migrations.filter((step) => step.version > found)) await applyOnce(seam, migration);
}

/** Throws ConfigurationError for a database that is nobody's, or somebody else's: nothing is made in it. */
export async function refuseUnmade(seam: SqlSeam): Promise<void> {
  if ((await schemaVersion(seam, seam.reads)) > 0) return;
  throw new ConfigurationError(
    "no_store",
    `There is no store in the database ${seam.label}: make one with \`llm-gate init\`, or apply a policy to it.`,
  );
}

/** 0 for a database that has never been migrated. */
async function schemaVersion(seam: SqlSeam, db: Kysely<Schema>): Promise<number> {
  if (!(await seam.hasTable(db, "gate_migrations"))) return 0;
  const row = await db
    .selectFrom("gate_migrations")
    .select((select) => select.fn.max("version").as("version"))
    .executeTakeFirst();
  return row?.version == null ? 0 : integerColumn(row.version, "gate_migrations.version");
}

function applyOnce(seam: SqlSeam, migration: Migration): Promise<void> {
  return inWriteTransaction(seam, MIGRATION_LOCK, async (tx) => {
    await createMigrationTable(tx, seam.types);
    if ((await schemaVersion(seam, tx)) >= migration.version) return;
    await migration.up(tx, seam.types);
    await tx
      .insertInto("gate_migrations")
      .values({ version: migration.version, name: migration.name, applied_at: Date.now() })
      .execute();
  });
}

async function createMigrationTable(db: Kysely<Schema>, { integer }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable("gate_migrations")
    .ifNotExists()
    .addColumn("version", integer, (column) => column.primaryKey().notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("applied_at", integer, (column) => column.notNull())
    .execute();
}

function newerSchema(seam: SqlSeam, found: number, newest: number): ConfigurationError {
  return new ConfigurationError(
    "store_newer",
    `The database ${seam.label} was written by a newer express-llm-gate (schema ${found}, this one knows ${newest}): upgrade this package.`,
  );
}

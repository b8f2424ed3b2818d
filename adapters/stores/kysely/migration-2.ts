import { sql, type Kysely } from "kysely";
import type { Schema } from "./schema";
import type { ColumnTypes } from "./seam";

/** The life of keys (rotation, limits, last use), and the registry of running gates. */
export async function addKeyLife(db: Kysely<Schema>, { integer, text }: ColumnTypes): Promise<void> {
  const keys = db.schema.alterTable("keys");
  for (const name of ["replaces", "rotation", "key_models", "key_networks"]) await keys.addColumn(name, text).execute();
  await keys.addColumn("last_used_at", integer).execute();
  await db.schema
    .createIndex("keys_rotation")
    .unique()
    .on("keys")
    .columns(["organization_id", "rotation"])
    .where(sql.ref("rotation"), "is not", null)
    .execute();
  await db.schema
    .createTable("nodes")
    .addColumn("node", text, (column) => column.primaryKey().notNull())
    .addColumn("boot", text, (column) => column.notNull())
    .addColumn("started_at", integer, (column) => column.notNull())
    .addColumn("seen_at", integer, (column) => column.notNull())
    .addColumn("applied_epoch", integer)
    .execute();
}

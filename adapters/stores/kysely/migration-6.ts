import { sql, type Kysely } from "kysely";
import type { Schema } from "./schema";
import type { ColumnTypes } from "./seam";

/** Finds the successor of a key; what a gate says of itself besides its epoch; what shows a wrong pepper. */
export async function addManyNodes(db: Kysely<Schema>, { integer, bytes, text }: ColumnTypes): Promise<void> {
  await db.schema
    .createIndex("keys_successor")
    .on("keys")
    .columns(["organization_id", "replaces"])
    .where(sql.ref("replaces"), "is not", null)
    .execute();
  const nodes = db.schema.alterTable("nodes");
  await nodes.addColumn("stale_ms", integer).execute();
  await nodes.addColumn("buses", text).execute();
  await db.schema
    .createTable("pepper_checks")
    .addColumn("version", integer, (column) => column.primaryKey().notNull())
    .addColumn("proof", bytes, (column) => column.notNull())
    .execute();
}

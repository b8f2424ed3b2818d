import { sql, type Kysely } from "kysely";
import type { Schema } from "./schema";
import type { ColumnTypes } from "./seam";

/** Data keys of kept content, wrapped; a subject has one that is not erased. What was erased keeps its id and nothing else. */
export async function addContentKeys(db: Kysely<Schema>, { integer, bytes, text }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable("content_keys")
    .addColumn("id", text, (column) => column.primaryKey().notNull())
    .addColumn("organization", text, (column) => column.notNull())
    .addColumn("user", text, (column) => column.notNull())
    .addColumn("wrapped", bytes)
    .addColumn("wrapped_by", text, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex("content_keys_subject")
    .unique()
    .on("content_keys")
    .columns(["organization", "user"])
    .where(sql.ref("wrapped"), "is not", null)
    .execute();
}

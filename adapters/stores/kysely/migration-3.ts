import { sql, type Kysely } from "kysely";
import type { Schema } from "./schema";
import type { ColumnTypes } from "./seam";

/** Imported keys, indexes that give lists page by page, and how far a copy from another store has come. */
export async function addScale(db: Kysely<Schema>, { integer, text }: ColumnTypes): Promise<void> {
  await db.schema.alterTable("keys").addColumn("imported", integer).execute();
  const index = (name: string) => db.schema.createIndex(name).on("keys");
  await index("keys_page").columns(["organization_id", "created_at", "id"]).execute();
  await index("keys_user_page").columns(["user_id", "created_at", "id"]).execute();
  await index("keys_pepper").columns(["pepper_version", "organization_id", "created_at", "id"]).execute();
  await index("keys_imported").column("imported").where(sql.ref("imported"), "=", 1).execute();
  // The other index of addresses has no users who were removed, whose keys are listed too.
  await db.schema.createIndex("users_address").on("users").columns(["organization_id", "email"]).execute();
  await db.schema.dropIndex("keys_created").execute();
  await db.schema.dropIndex("keys_user").execute();
  await db.schema
    .createTable("copies")
    .addColumn("source", text, (column) => column.primaryKey().notNull())
    .addColumn("epoch", integer, (column) => column.notNull())
    .addColumn("records", integer, (column) => column.notNull())
    .addColumn("step", text, (column) => column.notNull())
    .addColumn("after", text)
    .addColumn("finished_at", integer)
    .execute();
}

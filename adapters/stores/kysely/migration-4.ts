import type { Kysely } from "kysely";
import type { Schema } from "./schema";
import type { ColumnTypes } from "./seam";

/** Where the sinks of the audit trail stand, and which gate ships which chain to which of them. */
export async function addSinks(db: Kysely<Schema>, { integer, text }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable("audit_sinks")
    .addColumn("sink", text, (column) => column.primaryKey().notNull())
    .addColumn("moved_at", integer)
    .addColumn("error", text)
    .execute();
  await db.schema
    .createTable("audit_sink_places")
    .addColumn("sink", text, (column) => column.notNull().references("audit_sinks.sink").onDelete("cascade"))
    .addColumn("node", text, (column) => column.notNull())
    .addColumn("seq", integer, (column) => column.notNull())
    .addColumn("holder", text)
    .addColumn("held_until", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("audit_sink_places_key", ["sink", "node"])
    .execute();
}

import { sql, type Kysely } from "kysely";
import type { Schema } from "./schema";
import type { ColumnTypes } from "./seam";

/**
 * The audit trail: `record` is the truth and `hash` its link in the node's chain, every further column is derived
 * from `record`. Written by the audit log's own connection, never through Kysely.
 */
export async function createAudit(db: Kysely<Schema>, { integer, bytes, text, position }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable("audit")
    .ifNotExists()
    .addColumn("node", text, (column) => column.notNull())
    .addColumn("boot", text, (column) => column.notNull())
    .addColumn("seq", integer, (column) => column.notNull())
    .addColumn("record", bytes, (column) => column.notNull())
    .addColumn("hash", bytes, (column) => column.notNull())
    .addColumn("at", text, (column) => column.notNull())
    .addColumn("kind", text, (column) => column.notNull())
    .addColumn("organization", text)
    .addColumn("user", text)
    .addColumn("key_id", text)
    .addColumn("request_id", text)
    .addColumn("protocol", text)
    .addColumn("model", text)
    .addColumn("decision", text)
    .addColumn("reason", text)
    .addColumn("status", integer)
    .addColumn("outcome", text)
    .addPrimaryKeyConstraint("audit_key", ["node", "boot", "seq"])
    .addUniqueConstraint("audit_chain", ["node", "seq"])
    .execute();
  await createAuditIndexes(db);
  if (position !== null) await addPosition(db, position);
}

/** By which the newest records are found, whatever their clocks said. */
async function addPosition(db: Kysely<Schema>, position: ColumnTypes["position"] & object): Promise<void> {
  await db.schema.alterTable("audit").addColumn("position", position).execute();
  await db.schema.createIndex("audit_position").unique().on("audit").column("position").execute();
  const checkpoints = db.schema.createIndex("audit_checkpoint").on("audit").column("position");
  await checkpoints.where(sql.ref("kind"), "=", "checkpoint").execute();
}

/** `audit_open` finds the intents of a node, and whether anything closed them. */
async function createAuditIndexes(db: Kysely<Schema>): Promise<void> {
  const index = (name: string) => db.schema.createIndex(name).ifNotExists().on("audit");
  await index("audit_request").column("request_id").execute();
  await index("audit_at").column("at").execute();
  await index("audit_user").columns(["user", "at"]).execute();
  await index("audit_open").columns(["node", "kind", "request_id"]).execute();
}

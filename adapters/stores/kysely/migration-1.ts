import { sql, type Kysely } from "kysely";
import type { Schema } from "./schema";
import { createAudit } from "./migration-1-audit";
import type { ColumnTypes as Types } from "./seam";

/** Organisations, users, groups, models, keys, the ledger of response ids, the change log and the audit trail. */
export async function createSchema(db: Kysely<Schema>, types: Types): Promise<void> {
  await createPeople(db, types);
  await createCatalogue(db, types);
  await createKeys(db, types);
  await createResponses(db, types);
  await createChanges(db, types);
  await createAudit(db, types);
}

async function createPeople(db: Kysely<Schema>, types: Types): Promise<void> {
  const { integer, text } = types;
  await db.schema
    .createTable("organizations")
    .addColumn("id", text, (column) => column.primaryKey().notNull())
    .addColumn("name", text, (column) => column.notNull().unique())
    .addColumn("dlp", text)
    .execute();
  await db.schema
    .createTable("users")
    .addColumn("id", text, (column) => column.primaryKey().notNull())
    .addColumn("organization_id", text, (column) => column.notNull().references("organizations.id"))
    .addColumn("email", text, (column) => column.notNull())
    .addColumn("role", text, (column) => column.notNull())
    .addColumn("status", text, (column) => column.notNull())
    .addColumn("removed_at", integer)
    .execute();
  await db.schema
    .createIndex("users_email")
    .unique()
    .on("users")
    .columns(["organization_id", "email"])
    .where(sql.ref("removed_at"), "is", null)
    .execute();
  await createGroups(db, types);
}

async function createGroups(db: Kysely<Schema>, { integer, text }: Types): Promise<void> {
  await db.schema
    .createTable("groups")
    .addColumn("id", text, (column) => column.primaryKey().notNull())
    .addColumn("organization_id", text, (column) => column.notNull().references("organizations.id"))
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("personal_api_key_access", integer, (column) => column.notNull())
    .addColumn("ask_mode_only", integer, (column) => column.notNull())
    .addColumn("models", text, (column) => column.notNull())
    .addColumn("providers", text, (column) => column.notNull())
    .addColumn("deny_models", text, (column) => column.notNull())
    .addColumn("deny_providers", text, (column) => column.notNull())
    .addColumn("dlp", text)
    .addUniqueConstraint("groups_name", ["organization_id", "name"])
    .execute();
  await db.schema
    .createTable("memberships")
    .addColumn("organization_id", text, (column) => column.notNull())
    .addColumn("user_id", text, (column) => column.notNull().references("users.id"))
    .addColumn("group_id", text, (column) => column.notNull().references("groups.id").onDelete("cascade"))
    .addPrimaryKeyConstraint("memberships_key", ["user_id", "group_id"])
    .execute();
  await db.schema.createIndex("memberships_group").on("memberships").column("group_id").execute();
}

async function createCatalogue(db: Kysely<Schema>, { integer, text }: Types): Promise<void> {
  await db.schema
    .createTable("models")
    .addColumn("organization_id", text, (column) => column.notNull().references("organizations.id"))
    .addColumn("id", text, (column) => column.notNull())
    .addColumn("provider", text, (column) => column.notNull())
    .addColumn("display_name", text, (column) => column.notNull())
    .addColumn("enabled", integer, (column) => column.notNull())
    .addColumn("upstream_model", text)
    .addColumn("dlp", text)
    .addPrimaryKeyConstraint("models_key", ["organization_id", "id"])
    .execute();
}

async function createKeys(db: Kysely<Schema>, { integer, bytes, text }: Types): Promise<void> {
  await db.schema
    .createTable("keys")
    .addColumn("id", text, (column) => column.primaryKey().notNull())
    .addColumn("organization_id", text, (column) => column.notNull().references("organizations.id"))
    .addColumn("user_id", text, (column) => column.notNull().references("users.id"))
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("digest", bytes, (column) => column.notNull())
    .addColumn("pepper_version", integer, (column) => column.notNull())
    .addColumn("created_at", integer, (column) => column.notNull())
    .addColumn("expires_at", integer)
    .addColumn("revoked_at", integer)
    .execute();
  await db.schema.createIndex("keys_user").on("keys").columns(["user_id", "created_at"]).execute();
  await db.schema.createIndex("keys_created").on("keys").columns(["organization_id", "created_at"]).execute();
}

/** No foreign keys: an entry may outlive its user, and then belongs to nobody who can ask. */
async function createResponses(db: Kysely<Schema>, { integer, text }: Types): Promise<void> {
  await db.schema
    .createTable("responses")
    .addColumn("organization_id", text, (column) => column.notNull())
    .addColumn("response_id", text, (column) => column.notNull())
    .addColumn("user_id", text, (column) => column.notNull())
    .addColumn("upstream", text, (column) => column.notNull())
    .addColumn("tool_free", integer, (column) => column.notNull())
    .addColumn("expires_at", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("responses_key", ["organization_id", "response_id"])
    .execute();
  await db.schema.createIndex("responses_expiry").on("responses").column("expires_at").execute();
}

async function createChanges(db: Kysely<Schema>, { integer, text }: Types): Promise<void> {
  await db.schema
    .createTable("changes")
    .addColumn("epoch", integer, (column) => column.primaryKey().notNull())
    .addColumn("organization_id", text, (column) => column.notNull())
    .addColumn("subject", text, (column) => column.notNull())
    .addColumn("subject_id", text, (column) => column.notNull())
    .execute();
}

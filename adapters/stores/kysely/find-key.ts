import type { Kysely } from "kysely";
import type { Group } from "../../../lib/policy/domain";
import type { KeySnapshot } from "../../../lib/ports/store";
import { integerColumn, malformedColumn } from "./columns";
import type { DlpColumn } from "./dlp-column";
import { preparedQuery } from "./prepared-query";
import { readGroup, readOrganization, readStoredKey, readUser } from "./rows";
import type { Schema } from "./schema";

type SnapshotRow = Awaited<ReturnType<ReturnType<typeof snapshotQuery>["execute"]>>[number];

/**
 * One statement, so that key, user, organisation, groups and epoch are of one moment. A row per group; the outer joins
 * tell what is missing from what is not there.
 */
export function createFindKey(db: Kysely<Schema>, dlp: DlpColumn): (keyId: string) => Promise<KeySnapshot | null> {
  const query = preparedQuery(db, snapshotQuery(db).where("keys.id", "=", "").compile());
  return async (keyId) => {
    const rows = await query(keyId);
    const [first] = rows;
    return first === undefined ? null : readSnapshot(first, rows, dlp, new Map());
  };
}

/** What one statement said of groups, by id: many rows say it, and it is read once. */
type ReadGroups = Map<unknown, Group>;

/** Many keys in one statement. A row that cannot be read is about its own key only. */
export function createFindKeys(
  db: Kysely<Schema>,
  dlp: DlpColumn,
): (keyIds: readonly string[]) => Promise<ReadonlyMap<string, KeySnapshot | Error>> {
  return async (keyIds) => {
    const rows = await snapshotQuery(db).where("keys.id", "in", keyIds).execute();
    const byKey = new Map<string, SnapshotRow[]>();
    for (const row of rows) {
      const own = byKey.get(row.id);
      if (own === undefined) byKey.set(row.id, [row]);
      else own.push(row);
    }
    const known: ReadGroups = new Map();
    return new Map([...byKey].map(([id, own]) => [id, snapshotOrError(own, dlp, known)]));
  };
}

function snapshotOrError(rows: readonly SnapshotRow[], dlp: DlpColumn, known: ReadGroups): KeySnapshot | Error {
  const [first] = rows;
  try {
    return first === undefined ? new Error("a key without a row") : readSnapshot(first, rows, dlp, known);
  } catch (cause) {
    return cause instanceof Error ? cause : new Error("a key cannot be read", { cause });
  }
}

function readSnapshot(
  first: SnapshotRow,
  rows: readonly SnapshotRow[],
  dlp: DlpColumn,
  known: ReadGroups,
): KeySnapshot {
  const groups = rows.flatMap((row) => readJoinedGroup(row, dlp, known));
  return Object.freeze({
    epoch: integerColumn(first.epoch, "changes.epoch"),
    key: readStoredKey(first),
    user: readUser({
      id: first.owner_id,
      email: first.owner_email,
      role: first.owner_role,
      status: first.owner_status,
    }),
    organization: readOrganization({ id: first.org_id, name: first.org_name, dlp: first.org_dlp }, dlp),
    groups: Object.freeze(groups),
  });
}

/** A membership whose group is gone grants nothing; a group with half a row is an error, not an absence. */
function readJoinedGroup(row: SnapshotRow, dlp: DlpColumn, known: ReadGroups): readonly Group[] {
  if (row.group_id === null) return [];
  if (row.group_organization_id !== row.organization_id) throw malformedColumn("memberships.group_id");
  const group =
    known.get(row.group_id) ?? readGroup({ ...row, id: row.group_id, name: row.group_name, dlp: row.group_dlp }, dlp);
  known.set(row.group_id, group);
  return [group];
}

function snapshotQuery(db: Kysely<Schema>) {
  return db
    .selectFrom("keys")
    .leftJoin("users", (join) =>
      join.onRef("users.id", "=", "keys.user_id").onRef("users.organization_id", "=", "keys.organization_id"),
    )
    .leftJoin("organizations", "organizations.id", "keys.organization_id")
    .leftJoin("memberships", "memberships.user_id", "keys.user_id")
    .leftJoin("groups", "groups.id", "memberships.group_id")
    .select((select) =>
      select
        .selectFrom("changes")
        .select((inner) => inner.fn.coalesce(inner.fn.max("changes.epoch"), inner.lit(0)).as("epoch"))
        .as("epoch"),
    )
    .selectAll("keys")
    .select([
      "users.id as owner_id",
      "users.email as owner_email",
      "users.role as owner_role",
      "users.status as owner_status",
    ])
    .select(["organizations.id as org_id", "organizations.name as org_name", "organizations.dlp as org_dlp"])
    .select(["groups.id as group_id", "groups.organization_id as group_organization_id", "groups.name as group_name"])
    .select(["groups.personal_api_key_access", "groups.ask_mode_only", "groups.dlp as group_dlp"])
    .select(["groups.models", "groups.providers", "groups.deny_models", "groups.deny_providers"])
    .orderBy("groups.name");
}

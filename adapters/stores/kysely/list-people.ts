import type { Kysely } from "kysely";
import type { ListPage } from "../../../lib/ports/store";
import type { Schema } from "./schema";

export function listedGroups(db: Kysely<Schema>, organizationId: string, { after, limit }: ListPage) {
  let groups = db.selectFrom("groups").selectAll().where("organization_id", "=", organizationId).orderBy("name");
  if (after !== undefined) groups = groups.where("name", ">", after);
  return limit === undefined ? groups : groups.limit(limit);
}

export function presentUsers(db: Kysely<Schema>, organizationId: string) {
  return db
    .selectFrom("users")
    .selectAll()
    .where("organization_id", "=", organizationId)
    .where("removed_at", "is", null);
}

export function listedUsers(db: Kysely<Schema>, organizationId: string, { after, limit }: ListPage) {
  let users = presentUsers(db, organizationId).orderBy("email");
  if (after !== undefined) users = users.where("email", ">", after);
  return limit === undefined ? users : users.limit(limit);
}

/** The names of the groups that users are in: of these users, or of all of an organisation's. */
export function membershipsOf(db: Kysely<Schema>, organizationId: string, userIds: readonly string[] | null) {
  const memberships = db
    .selectFrom("memberships")
    .innerJoin("groups", "groups.id", "memberships.group_id")
    .where("memberships.organization_id", "=", organizationId)
    .select(["memberships.user_id", "groups.name"])
    .orderBy("groups.name");
  return userIds === null ? memberships : memberships.where("memberships.user_id", "in", userIds);
}

import type { AdminTransaction, UserRecord } from "../../../lib/ports/store";
import { recordChange, type AdminContext } from "./admin-context";
import { textColumn } from "./columns";
import { readUser } from "./rows";
import type { UserRow } from "./schema";

type Part = Pick<AdminTransaction, "users" | "putUser" | "removeUser">;

export function adminUsers(context: AdminContext): Part {
  return {
    users: async (organizationId) => {
      const rows = await presentUsers(context, organizationId).orderBy("email").execute();
      const names = await groupNames(context, organizationId);
      return rows.map((row) => userRecord(row, names.get(row.id) ?? []));
    },
    putUser: async (organizationId, user) => {
      const row = await upsertUser(context, organizationId, user);
      await replaceMemberships(context, organizationId, row.id, user.groups);
      await recordChange(context, organizationId, "user", row.id);
      return userRecord(row, [...new Set(user.groups)].sort());
    },
    removeUser: async (organizationId, email) => {
      const row = await presentUsers(context, organizationId).where("email", "=", email).executeTakeFirst();
      if (row === undefined) return;
      await revokeKeysOf(context, organizationId, row.id);
      await context.tx.deleteFrom("memberships").where("user_id", "=", row.id).execute();
      await context.tx
        .updateTable("users")
        .set({ status: "suspended", removed_at: context.now() })
        .where("id", "=", row.id)
        .execute();
      await recordChange(context, organizationId, "user", row.id);
    },
  };
}

function presentUsers({ tx }: AdminContext, organizationId: string) {
  return tx
    .selectFrom("users")
    .selectAll()
    .where("organization_id", "=", organizationId)
    .where("removed_at", "is", null);
}

async function groupNames(
  { tx }: AdminContext,
  organizationId: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await tx
    .selectFrom("memberships")
    .innerJoin("groups", "groups.id", "memberships.group_id")
    .where("memberships.organization_id", "=", organizationId)
    .select(["memberships.user_id", "groups.name"])
    .orderBy("groups.name")
    .execute();
  const names = new Map<string, string[]>();
  for (const row of rows)
    names.set(row.user_id, [...(names.get(row.user_id) ?? []), textColumn(row.name, "groups.name")]);
  return names;
}

function userRecord(row: UserRow, groups: readonly string[]): UserRecord {
  return Object.freeze({ ...readUser(row), groups: Object.freeze([...groups]) });
}

type UserValues = Parameters<AdminTransaction["putUser"]>[1];

function upsertUser({ tx, newId }: AdminContext, organizationId: string, user: UserValues): Promise<UserRow> {
  return tx
    .insertInto("users")
    .values({
      id: newId(),
      organization_id: organizationId,
      email: user.email,
      role: user.role,
      status: user.status,
      removed_at: null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(["organization_id", "email"])
        .where("removed_at", "is", null)
        .doUpdateSet({ role: user.role, status: user.status }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

async function replaceMemberships(
  { tx }: AdminContext,
  organizationId: string,
  userId: string,
  names: readonly string[],
): Promise<void> {
  await tx.deleteFrom("memberships").where("user_id", "=", userId).execute();
  for (const name of new Set(names)) {
    const group = await tx
      .selectFrom("groups")
      .select("id")
      .where("organization_id", "=", organizationId)
      .where("name", "=", name)
      .executeTakeFirst();
    if (group === undefined) throw new RangeError(`There is no group ${JSON.stringify(name)}.`);
    await tx
      .insertInto("memberships")
      .values({ organization_id: organizationId, user_id: userId, group_id: group.id })
      .execute();
  }
}

async function revokeKeysOf(context: AdminContext, organizationId: string, userId: string): Promise<void> {
  const revoked = await context.tx
    .updateTable("keys")
    .set({ revoked_at: context.now() })
    .where("user_id", "=", userId)
    .where("revoked_at", "is", null)
    .returning("id")
    .execute();
  for (const { id } of revoked) await recordChange(context, organizationId, "key", id);
}

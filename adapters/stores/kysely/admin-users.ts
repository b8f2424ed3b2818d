import type { AdminTransaction, UserRecord } from "../../../lib/ports/store";
import { recordChange, type AdminContext } from "./admin-context";
import { textColumn } from "./columns";
import { listedUsers, membershipsOf, presentUsers } from "./list-people";
import { readUser } from "./rows";
import type { UserRow } from "./schema";

type Part = Pick<AdminTransaction, "users" | "findUser" | "putUser" | "removeUser">;

export function adminUsers(context: AdminContext): Part {
  const { tx } = context;
  return {
    users: async (organizationId, page = {}) => {
      const rows = await listedUsers(tx, organizationId, page).execute();
      return withGroups(context, organizationId, rows, page.limit !== undefined);
    },
    findUser: async (organizationId, email) => {
      const rows = await presentUsers(tx, organizationId).where("email", "=", email).execute();
      return (await withGroups(context, organizationId, rows, true))[0] ?? null;
    },
    putUser: async (organizationId, user) => {
      const row = await upsertUser(context, organizationId, user);
      await replaceMemberships(context, organizationId, row.id, user.groups);
      await recordChange(context, organizationId, "user", row.id);
      return userRecord(row, [...new Set(user.groups)].sort());
    },
    removeUser: async (organizationId, email) => {
      const row = await presentUsers(tx, organizationId).where("email", "=", email).executeTakeFirst();
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

/** Users of one page are asked for by id, all of them at once. */
async function withGroups(
  { tx }: AdminContext,
  organizationId: string,
  users: readonly UserRow[],
  few: boolean,
): Promise<readonly UserRecord[]> {
  if (users.length === 0) return [];
  const ids = few ? users.map(({ id }) => id) : null;
  const names = new Map(users.map(({ id }): [string, string[]] => [id, []]));
  for (const { user_id, name } of await membershipsOf(tx, organizationId, ids).execute())
    names.get(user_id)?.push(textColumn(name, "groups.name"));
  return users.map((row) => userRecord(row, names.get(row.id) ?? []));
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
  const wanted = new Set(names);
  if (wanted.size === 0) return;
  const groups = await tx
    .selectFrom("groups")
    .select(["id", "name"])
    .where("organization_id", "=", organizationId)
    .where("name", "in", [...wanted])
    .execute();
  for (const { name } of groups) wanted.delete(textColumn(name, "groups.name"));
  const [missing] = wanted;
  if (missing !== undefined) throw new RangeError(`There is no group ${JSON.stringify(missing)}.`);
  const memberships = groups.map(({ id }) => ({ organization_id: organizationId, user_id: userId, group_id: id }));
  await tx.insertInto("memberships").values(memberships).execute();
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

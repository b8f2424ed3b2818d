import { randomUUID } from "node:crypto";
import type { AdminTransaction, UserRecord } from "../../lib/ports/store";
import { frozenCopy } from "./frozen-copy";
import { assertOrganization, ownedBy, pageOf, recordChange, type MemoryState, type MemoryUser } from "./memory-state";

type Part = Pick<AdminTransaction, "users" | "findUser" | "putUser" | "removeUser">;

export function memoryUsers(state: MemoryState, now: () => number): Part {
  const present = (organizationId: string) =>
    ownedBy(state.users, organizationId, ({ user }) => user.email).filter(({ removed }) => !removed);
  const byEmail = (organizationId: string, email: string) =>
    present(organizationId).find(({ user }) => user.email === email);
  const put = (organizationId: string, value: MemoryUser) => {
    state.users.set(value.user.id, frozenCopy({ organizationId, value }));
    recordChange(state, organizationId, "user", value.user.id);
    return userRecord(state, value);
  };
  return {
    users: async (organizationId, page = {}) =>
      pageOf(present(organizationId), ({ user }) => user.email, page).map((user) => userRecord(state, user)),
    findUser: async (organizationId, email) => {
      const found = byEmail(organizationId, email);
      return found === undefined ? null : userRecord(state, found);
    },
    putUser: async (organizationId, { email, role, status, groups }) => {
      assertOrganization(state, organizationId);
      const groupIds = [...new Set(groups)].map((name) => groupIdOf(state, organizationId, name));
      const id = byEmail(organizationId, email)?.user.id ?? randomUUID();
      return put(organizationId, { user: { id, email, role, status }, groupIds, removed: false });
    },
    removeUser: async (organizationId, email) => {
      const found = byEmail(organizationId, email);
      if (found === undefined) return;
      revokeKeysOf(state, organizationId, found.user.id, now());
      put(organizationId, { user: { ...found.user, status: "suspended" }, groupIds: [], removed: true });
    },
  };
}

function userRecord(state: MemoryState, { user, groupIds }: MemoryUser): UserRecord {
  const groups = groupIds.flatMap((id) => state.groups.get(id)?.value.name ?? []).sort();
  return frozenCopy({ ...user, groups });
}

function groupIdOf(state: MemoryState, organizationId: string, name: string): string {
  const group = ownedBy(state.groups, organizationId, ({ id }) => id).find((candidate) => candidate.name === name);
  if (group === undefined) throw new RangeError(`There is no group ${JSON.stringify(name)}.`);
  return group.id;
}

function revokeKeysOf(state: MemoryState, organizationId: string, userId: string, at: number): void {
  for (const [id, { value }] of state.keys) {
    if (value.userId !== userId || value.revokedAt !== null) continue;
    state.keys.set(id, { organizationId, value: frozenCopy({ ...value, revokedAt: at }) });
    recordChange(state, organizationId, "key", id);
  }
}

import { isDeepStrictEqual } from "node:util";
import type { AdminTransaction, KeyQuery, KeyRecord, KeyRotation, StoredKey } from "../../lib/ports/store";
import { frozenCopy } from "./frozen-copy";
import { ownedBy, recordChange, type MemoryState } from "./memory-state";

type Part = Pick<
  AdminTransaction,
  "insertKey" | "findKey" | "findRotation" | "findSuccessor" | "keys" | "changeKey" | "revokeKey"
>;

export function memoryKeys(state: MemoryState): Part {
  const owned = (organizationId: string, keyId: string): StoredKey | null => {
    const found = state.keys.get(keyId);
    return found?.organizationId === organizationId ? found.value : null;
  };
  const put = (organizationId: string, value: StoredKey) => {
    state.keys.set(value.id, { organizationId, value: frozenCopy(value) });
    recordChange(state, organizationId, "key", value.id);
  };
  return {
    insertKey: async (organizationId, key) => {
      if (state.keys.has(key.id)) throw new RangeError("There is a key of that id already.");
      assertPresentUser(state, organizationId, key.userId);
      const { rotation, models = null, networks = null, imported = false, ...rest } = key;
      if (imported) state.imported.add(key.id);
      if (rotation !== undefined) rememberRotation(state, organizationId, key.id, rotation);
      put(organizationId, { ...rest, models, networks, digest: Uint8Array.from(key.digest), revokedAt: null });
    },
    findRotation: async (organizationId, requestId) => rotatedKey(state, organizationId, requestId),
    findSuccessor: async (organizationId, keyId) => successorOf(state, organizationId, keyId),
    changeKey: async (organizationId, keyId, change) => {
      const key = owned(organizationId, keyId);
      if (key === null || isDeepStrictEqual({ ...key, ...change }, key)) return false;
      put(organizationId, { ...key, ...change });
      return true;
    },
    findKey: async (organizationId, keyId) => recordOrNull(state, owned(organizationId, keyId)),
    keys: async (organizationId, query = {}) => {
      const keys = [...ownedBy(state.keys, organizationId, ({ id }) => id)].reverse();
      const newest = keys.sort((a, b) => b.createdAt - a.createdAt).filter((key) => isWanted(state, key, query));
      return newest.slice(0, query.limit).map((key) => keyRecord(state, key));
    },
    revokeKey: async (organizationId, keyId, at) => {
      const key = owned(organizationId, keyId);
      if (key === null || key.revokedAt !== null) return false;
      put(organizationId, { ...key, revokedAt: at });
      return true;
    },
  };
}

function isWanted(state: MemoryState, key: StoredKey, { user, pepperVersion, after }: KeyQuery): boolean {
  if (user !== undefined && state.users.get(key.userId)?.value.user.email !== user) return false;
  if (pepperVersion !== undefined && key.pepperVersion !== pepperVersion) return false;
  if (after === undefined || key.createdAt < after.createdAt) return true;
  return key.createdAt === after.createdAt && key.id < after.id;
}

function recordOrNull(state: MemoryState, key: StoredKey | null): KeyRecord | null {
  return key === null ? null : keyRecord(state, key);
}

function rotatedKey(state: MemoryState, organizationId: string, requestId: string): KeyRecord | null {
  const ids = [...state.rotations].filter(([, made]) => made.requestId === requestId).map(([id]) => id);
  const found = ids.map((id) => state.keys.get(id)).find((key) => key?.organizationId === organizationId);
  return recordOrNull(state, found?.value ?? null);
}

function successorOf(state: MemoryState, organizationId: string, keyId: string): KeyRecord | null {
  const ids = [...state.rotations].filter(([, made]) => made.replaces === keyId).map(([id]) => id);
  const found = ids.map((id) => state.keys.get(id)).filter((key) => key?.organizationId === organizationId);
  return recordOrNull(state, found.at(-1)?.value ?? null);
}

function rememberRotation(state: MemoryState, organizationId: string, keyId: string, rotation: KeyRotation): void {
  const taken = [...state.rotations].some(
    ([id, { requestId }]) => requestId === rotation.requestId && state.keys.get(id)?.organizationId === organizationId,
  );
  if (taken) throw new RangeError("There is a rotation of that request id already.");
  state.rotations.set(keyId, rotation);
}

function keyRecord(state: MemoryState, key: StoredKey): KeyRecord {
  const { id, name, createdAt, expiresAt, revokedAt, models, networks } = key;
  const replaces = state.rotations.get(id)?.replaces ?? null;
  const lastUsedAt = state.lastUses.get(id) ?? null;
  const user = state.users.get(key.userId)?.value.user.email ?? "";
  const known = { replaces, lastUsedAt, imported: state.imported.has(id) };
  return Object.freeze({ id, name, user, createdAt, expiresAt, revokedAt, models, networks, ...known });
}

function assertPresentUser(state: MemoryState, organizationId: string, userId: string): void {
  const owner = state.users.get(userId);
  if (owner?.organizationId === organizationId && !owner.value.removed) return;
  throw new RangeError("The owner of a key must be a user of its organisation.");
}

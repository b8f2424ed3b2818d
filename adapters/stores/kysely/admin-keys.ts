import { isDeepStrictEqual } from "node:util";
import type { AdminTransaction, KeyChange, KeyLimits, NewKey } from "../../../lib/ports/store";
import { recordChange, type AdminContext } from "./admin-context";
import { listedKeys, ownedKeys } from "./list-keys";
import { readKeyRecord } from "./rows";

type Part = Pick<
  AdminTransaction,
  "insertKey" | "findKey" | "findRotation" | "findSuccessor" | "keys" | "changeKey" | "revokeKey"
>;

export function adminKeys(context: AdminContext): Part {
  const { tx } = context;
  return {
    insertKey: async (organizationId, key) => {
      await assertPresentUser(context, organizationId, key.userId);
      await tx.insertInto("keys").values(keyRow(organizationId, key)).execute();
      await recordChange(context, organizationId, "key", key.id);
    },
    findKey: async (organizationId, keyId) => {
      const row = await ownedKeys(tx, organizationId).where("keys.id", "=", keyId).executeTakeFirst();
      return row === undefined ? null : readKeyRecord(row);
    },
    findRotation: async (organizationId, requestId) => {
      const row = await ownedKeys(tx, organizationId).where("keys.rotation", "=", requestId).executeTakeFirst();
      return row === undefined ? null : readKeyRecord(row);
    },
    findSuccessor: async (organizationId, keyId) => {
      const successors = ownedKeys(tx, organizationId).where("keys.replaces", "=", keyId);
      const row = await successors.orderBy("keys.created_at", "desc").limit(1).executeTakeFirst();
      return row === undefined ? null : readKeyRecord(row);
    },
    changeKey: (organizationId, keyId, change) => changeKey(context, organizationId, keyId, change),
    keys: async (organizationId, query = {}) =>
      (await listedKeys(context.tx, organizationId, query).execute()).map(readKeyRecord),
    revokeKey: async (organizationId, keyId, at) => {
      const updated = await tx
        .updateTable("keys")
        .set({ revoked_at: at })
        .where("organization_id", "=", organizationId)
        .where("id", "=", keyId)
        .where("revoked_at", "is", null)
        .executeTakeFirst();
      const revoked = updated.numUpdatedRows > 0n;
      if (revoked) await recordChange(context, organizationId, "key", keyId);
      return revoked;
    },
  };
}

/** What stays as it was is no change: the epoch stands still. */
async function changeKey(
  context: AdminContext,
  organizationId: string,
  keyId: string,
  change: KeyChange,
): Promise<boolean> {
  const row = await ownedKeys(context.tx, organizationId).where("keys.id", "=", keyId).executeTakeFirst();
  if (row === undefined) return false;
  const now = readKeyRecord(row);
  const next = { ...now, ...change };
  if (isDeepStrictEqual(now, next)) return false;
  await context.tx
    .updateTable("keys")
    .set({ name: next.name, expires_at: next.expiresAt, ...limitColumns(next) })
    .where("id", "=", keyId)
    .execute();
  await recordChange(context, organizationId, "key", keyId);
  return true;
}

function limitColumns({ models = null, networks = null }: Partial<KeyLimits>) {
  return {
    key_models: models === null ? null : JSON.stringify(models),
    key_networks: networks === null ? null : JSON.stringify(networks),
  };
}

function keyRow(organizationId: string, key: NewKey) {
  return {
    id: key.id,
    organization_id: organizationId,
    user_id: key.userId,
    name: key.name,
    digest: key.digest,
    pepper_version: key.pepperVersion,
    created_at: key.createdAt,
    expires_at: key.expiresAt,
    revoked_at: null,
    replaces: key.rotation?.replaces ?? null,
    rotation: key.rotation?.requestId ?? null,
    last_used_at: null,
    imported: Number(key.imported ?? false),
    ...limitColumns(key),
  };
}

async function assertPresentUser({ tx }: AdminContext, organizationId: string, userId: string): Promise<void> {
  const user = await tx
    .selectFrom("users")
    .select("id")
    .where("organization_id", "=", organizationId)
    .where("id", "=", userId)
    .where("removed_at", "is", null)
    .executeTakeFirst();
  if (user === undefined) throw new RangeError("The owner of a key must be a user of its organisation.");
}

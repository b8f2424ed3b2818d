import assert from "node:assert/strict";
import { assertSame } from "./assert-same";
import type { Case } from "./case";
import {
  CREATED_AT,
  EMAIL,
  ENGINEERS,
  KEY_ID,
  POLICY,
  foundKey,
  newKey,
  putAlice,
  seededCases,
  type StoreCheck,
  type StoreFactory,
} from "./store-fixtures";

const READ_CHECKS: readonly StoreCheck[] = [
  [
    "opens again without harm",
    async (store) => {
      await store.open();
      await foundKey(store);
    },
  ],
  [
    "answers null for a key that was never there",
    async (store) => {
      assert.equal(await store.findKey("9999999999"), null);
      assert.equal(await store.findKey("constructor"), null);
      assert.equal(await store.findKey(KEY_ID.slice(0, 9)), null);
    },
  ],
  [
    "finds a key with its user, groups and organisation",
    async (store, { organization, user }) => {
      const { key, ...snapshot } = await foundKey(store);
      assertSame(
        { ...key, digest: [...key.digest] },
        { ...newKey(user.id), digest: [...newKey(user.id).digest], revokedAt: null, models: null, networks: null },
      );
      assertSame(snapshot.user, { id: user.id, email: EMAIL, role: "user", status: "active" });
      assertSame(snapshot.organization, organization);
      assertSame(
        snapshot.groups.map(({ id, ...group }) => (assert.ok(id), group)),
        [ENGINEERS],
      );
    },
  ],
  [
    "finds keys that are revoked or expired",
    async (store, { organization, user }) => {
      await store.admin.transaction(async (tx) => {
        await tx.revokeKey(organization.id, KEY_ID, CREATED_AT + 1);
        await tx.insertKey(organization.id, newKey(user.id, { id: "expired000", expiresAt: CREATED_AT }));
      });
      assert.equal((await foundKey(store)).key.revokedAt, CREATED_AT + 1);
      assert.equal((await foundKey(store, "expired000")).key.expiresAt, CREATED_AT);
    },
  ],
  [
    "gives snapshots that nothing can change",
    async (store, { organization }) => {
      await store.admin.transaction(async (tx) => {
        await tx.putOrganization(organization.name, POLICY);
        await tx.putGroup(organization.id, { ...ENGINEERS, dlp: POLICY });
      });
      assertFrozen(await foundKey(store), "snapshot");
    },
  ],
  [
    "keeps digests out of reach of who reads them",
    async (store, { user }) => {
      (await foundKey(store)).key.digest.fill(0);
      assertSame([...(await foundKey(store)).key.digest], [...newKey(user.id).digest]);
    },
  ],
  [
    "gives nothing for a group that is gone",
    async (store, { organization }) => {
      await store.admin.transaction((tx) => tx.removeGroup(organization.id, ENGINEERS.name));
      assertSame((await foundKey(store)).groups, []);
    },
  ],
  [
    "gives a group that came back to nobody who was in the old one",
    async (store, { organization }) => {
      await store.admin.transaction(async (tx) => {
        await tx.removeGroup(organization.id, ENGINEERS.name);
        await tx.putGroup(organization.id, ENGINEERS);
      });
      assertSame((await foundKey(store)).groups, []);
    },
  ],
  [
    "gives the user's present groups, role and status",
    async (store, { organization }) => {
      await store.admin.transaction(async (tx) => {
        await tx.putGroup(organization.id, { ...ENGINEERS, name: "analysts" });
        await tx.putUser(organization.id, {
          email: EMAIL,
          role: "administrator",
          status: "suspended",
          groups: ["analysts"],
        });
      });
      const { user, groups } = await foundKey(store);
      assertSame(
        [user.role, user.status, groups.map(({ name }) => name)],
        ["administrator", "suspended", ["analysts"]],
      );
    },
  ],
  [
    "gives a user in no group no groups",
    async (store, { organization }) => {
      await store.admin.transaction((tx) => putAlice(tx, organization.id, []));
      assertSame((await foundKey(store)).groups, []);
    },
  ],
  [
    "rejects every read once it is closed",
    async (store, { organization }) => {
      await store.close();
      await assert.rejects(store.findKey(KEY_ID));
      await assert.rejects(store.catalogue(organization.id));
      await assert.rejects(store.epoch());
      await assert.rejects(store.changesSince(0));
      await assert.rejects(store.ledger.find(organization.id, "resp_1"));
    },
  ],
];

/** Byte arrays cannot be frozen. */
function assertFrozen(value: unknown, path: string): void {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
  assert.ok(Object.isFrozen(value), `${path} is not frozen`);
  for (const [name, part] of Object.entries(value)) assertFrozen(part, `${path}.${name}`);
}

/** What the gate reads for each call. */
export function storeReadCases(factory: StoreFactory): readonly Case[] {
  return seededCases(factory, READ_CHECKS);
}

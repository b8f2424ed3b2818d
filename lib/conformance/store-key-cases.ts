import assert from "node:assert/strict";
import { assertSame } from "./assert-same";
import type { Case } from "./case";
import {
  CREATED_AT,
  EMAIL,
  KEY_ID,
  foundKey,
  newKey,
  putAlice,
  seededCases,
  type StoreCheck,
  type StoreFactory,
} from "./store-fixtures";

const KEY_CHECKS: readonly StoreCheck[] = [
  [
    "refuses a second key of one id, and a key of nobody",
    async (store, { organization, user }) => {
      const insert = (key: Parameters<typeof newKey>) =>
        store.admin.transaction((tx) => tx.insertKey(organization.id, newKey(...key)));
      await assert.rejects(insert([user.id, { name: "other" }]));
      await assert.rejects(insert(["nobody", { id: "other00000" }]));
      assert.equal((await foundKey(store)).key.name, "laptop");
    },
  ],
  [
    "lists keys newest first, of all users or one",
    async (store, { organization, user }) => {
      const [all, alices, bobs] = await store.admin.transaction(async (tx) => {
        const bob = await tx.putUser(organization.id, {
          email: "bob@acme.test",
          role: "user",
          status: "active",
          groups: [],
        });
        await tx.insertKey(organization.id, newKey(bob.id, { id: "bob0000000", createdAt: CREATED_AT - 1 }));
        await tx.insertKey(organization.id, newKey(user.id, { id: "newest0000", createdAt: CREATED_AT + 1 }));
        return [
          await tx.keys(organization.id),
          await tx.keys(organization.id, { user: EMAIL }),
          await tx.keys(organization.id, { user: "bob@acme.test" }),
        ];
      });
      assertSame(
        all.map(({ id }) => id),
        ["newest0000", KEY_ID, "bob0000000"],
      );
      assertSame(
        alices.map(({ id }) => id),
        ["newest0000", KEY_ID],
      );
      assertSame(
        bobs.map((key) => key.user),
        ["bob@acme.test"],
      );
    },
  ],
  [
    "shows a key to its organisation",
    async (store, { organization }) => {
      const key = await store.admin.transaction((tx) => tx.findKey(organization.id, KEY_ID));
      assertSame(key, {
        id: KEY_ID,
        name: "laptop",
        user: EMAIL,
        createdAt: CREATED_AT,
        ...{
          expiresAt: null,
          revokedAt: null,
          models: null,
          networks: null,
          replaces: null,
          lastUsedAt: null,
          imported: false,
        },
      });
    },
  ],
  [
    "reads several keys in one question as it reads each",
    async (store, { organization, user }) => {
      await store.admin.transaction((tx) => tx.insertKey(organization.id, newKey(user.id, { id: "another000" })));
      const ids = [KEY_ID, "another000", "nobody0000"];
      const together = await store.findKeys?.(ids);
      if (together === undefined) return;
      const each = await Promise.all(ids.map((id) => store.findKey(id)));
      assertSame(
        ids.map((id) => together.get(id) ?? null),
        each,
      );
    },
  ],
  [
    "lets the time of the first revocation stand",
    async (store, { organization }) => {
      const revoke = (at: number) => store.admin.transaction((tx) => tx.revokeKey(organization.id, KEY_ID, at));
      assertSame([await revoke(CREATED_AT + 1), await revoke(CREATED_AT + 2)], [true, false]);
      assert.equal((await foundKey(store)).key.revokedAt, CREATED_AT + 1);
    },
  ],
  [
    "removes a user, revokes its keys and keeps them on record",
    async (store, { organization }) => {
      await store.admin.transaction((tx) => tx.removeUser(organization.id, EMAIL));
      const { key, groups } = await foundKey(store);
      assert.notEqual(key.revokedAt, null);
      assertSame(groups, []);
      const users = await store.admin.transaction((tx) => tx.users(organization.id));
      const keys = await store.admin.transaction((tx) => tx.keys(organization.id));
      assertSame([users, keys.map(({ id }) => id)], [[], [KEY_ID]]);
    },
  ],
  [
    "gives a user who came back none of the old keys",
    async (store, { organization, user }) => {
      await store.admin.transaction((tx) => tx.removeUser(organization.id, EMAIL));
      const again = await store.admin.transaction((tx) => putAlice(tx, organization.id));
      assert.notEqual(again.id, user.id);
      assert.notEqual((await foundKey(store)).key.revokedAt, null);
    },
  ],
];

/** Keys and their owners, as they are managed. */
export function storeKeyCases(factory: StoreFactory): readonly Case[] {
  return seededCases(factory, KEY_CHECKS);
}

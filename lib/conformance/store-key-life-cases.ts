import assert from "node:assert/strict";
import type { KeyChange, Store } from "../ports/store";
import { assertSame } from "./assert-same";
import type { Case } from "./case";
import {
  CREATED_AT,
  KEY_ID,
  foundKey,
  newKey,
  seededCases,
  type Seed,
  type StoreCheck,
  type StoreFactory,
} from "./store-fixtures";

const LIMITS = { models: ["gpt-*"], networks: ["192.0.2.0/24", "2001:db8::/32"] };

function insertReplacement(store: Store, { organization, user }: Seed, id: string, requestId: string): Promise<void> {
  const rotation = { replaces: KEY_ID, requestId };
  return store.admin.transaction((tx) => tx.insertKey(organization.id, newKey(user.id, { id, rotation, ...LIMITS })));
}

const LIFE_CHECKS: readonly StoreCheck[] = [
  [
    "changes what is named of a key and nothing else, and counts one change",
    async (store, { organization }) => {
      const epoch = await store.epoch();
      const change = (part: KeyChange) => changeIn(store, organization.id, part);
      assertSame(await change({ name: "desk" }), true);
      assertSame(await change({ expiresAt: CREATED_AT + 1, ...LIMITS }), true);
      const { id, name, expiresAt, revokedAt, models, networks } = (await foundKey(store)).key;
      assertSame([id, name, expiresAt, revokedAt], [KEY_ID, "desk", CREATED_AT + 1, null]);
      assertSame({ models, networks }, LIMITS);
      assertSame(
        (await store.changesSince(epoch)).map(({ subject, subjectId }) => `${subject}:${subjectId}`),
        [`key:${KEY_ID}`, `key:${KEY_ID}`],
      );
      await change({ expiresAt: null, models: null, networks: null });
      assertSame((await foundKey(store)).key.models, null);
    },
  ],
  [
    "counts no change of a key that changes nothing, or is not there",
    async (store, { organization }) => {
      const epoch = await store.epoch();
      assertSame(await changeIn(store, organization.id, { name: "laptop", expiresAt: null, models: null }), false);
      const other = await store.admin.transaction((tx) => tx.changeKey(organization.id, "unknown000", { name: "x" }));
      const foreign = await store.admin.transaction((tx) => tx.changeKey("other", KEY_ID, { name: "x" }));
      assertSame([other, foreign, await store.epoch()], [false, false, epoch]);
    },
  ],
  [
    "finds the key that a rotation made, within its organisation",
    async (store, seed) => {
      await insertReplacement(store, seed, "second0000", "request-1");
      const find = (organizationId: string, requestId: string) =>
        store.admin.transaction((tx) => tx.findRotation(organizationId, requestId));
      const found = await find(seed.organization.id, "request-1");
      assertSame([found?.id, found?.replaces, found?.models], ["second0000", KEY_ID, LIMITS.models]);
      assertSame([await find(seed.organization.id, "request-2"), await find("other", "request-1")], [null, null]);
    },
  ],
  [
    "finds the key that took the place of another, within its organisation",
    async (store, seed) => {
      await insertReplacement(store, seed, "second0000", "request-1");
      const find = async (organizationId: string, keyId: string) =>
        (await store.admin.transaction((tx) => tx.findSuccessor(organizationId, keyId)))?.id ?? null;
      const { id } = seed.organization;
      assertSame(
        [await find(id, KEY_ID), await find(id, "second0000"), await find("other", KEY_ID)],
        ["second0000", null, null],
      );
    },
  ],
  [
    "makes one key of a rotation",
    async (store, seed) => {
      await insertReplacement(store, seed, "second0000", "request-1");
      await assert.rejects(insertReplacement(store, seed, "third00000", "request-1"));
      assertSame(await store.findKey("third00000"), null);
    },
  ],
  [
    "notes when keys were last used without counting a change, where it notes that at all",
    async (store, { organization }) => {
      const epoch = await store.epoch();
      if (store.markUsed === undefined) return;
      await store.markUsed(
        new Map([
          [KEY_ID, CREATED_AT + 5],
          ["unknown000", CREATED_AT],
        ]),
      );
      const key = await store.admin.transaction((tx) => tx.findKey(organization.id, KEY_ID));
      assertSame([key?.lastUsedAt, await store.epoch()], [CREATED_AT + 5, epoch]);
    },
  ],
];

function changeIn(store: Store, organizationId: string, change: KeyChange): Promise<boolean> {
  return store.admin.transaction((tx) => tx.changeKey(organizationId, KEY_ID, change));
}

/** What becomes of a key between its making and its end. */
export function storeKeyLifeCases(factory: StoreFactory): readonly Case[] {
  return seededCases(factory, LIFE_CHECKS);
}

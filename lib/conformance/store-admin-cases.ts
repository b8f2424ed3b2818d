import assert from "node:assert/strict";
import { assertSame } from "./assert-same";
import type { Case } from "./case";
import {
  CREATED_AT,
  EMAIL,
  ENGINEERS,
  KEY_ID,
  MODEL,
  foundKey,
  putAlice,
  seed,
  seededCases,
  type StoreCheck,
  type StoreFactory,
} from "./store-fixtures";

const ADMIN_CHECKS: readonly StoreCheck[] = [
  [
    "keeps one organisation of a name",
    async (store, { organization }) => {
      const again = await store.admin.transaction((tx) => tx.putOrganization(organization.name, null));
      const all = await store.admin.transaction((tx) => tx.organizations());
      assertSame([again.id, all.length], [organization.id, 1]);
    },
  ],
  [
    "keeps one user of an e-mail address in an organisation",
    async (store, { organization, user }) => {
      const again = await store.admin.transaction((tx) => putAlice(tx, organization.id));
      const users = await store.admin.transaction((tx) => tx.users(organization.id));
      assertSame([again.id, users], [user.id, [again]]);
      assertSame(again.groups, [ENGINEERS.name]);
    },
  ],
  [
    "lets two organisations have users of one e-mail address",
    async (store, { user }) => {
      const other = await store.admin.transaction(async (tx) =>
        putAlice(tx, (await tx.putOrganization("other", null)).id, []),
      );
      assert.notEqual(other.id, user.id);
    },
  ],
  [
    "shows an organisation nothing of another",
    async (store) => {
      await store.admin.transaction(async (tx) => {
        const { id } = await tx.putOrganization("other", null);
        const seen = [
          await tx.groups(id),
          await tx.models(id),
          await tx.users(id),
          await tx.keys(id),
          await tx.findKey(id, KEY_ID),
        ];
        assertSame(seen, [[], [], [], [], null]);
        assert.equal(await tx.revokeKey(id, KEY_ID, CREATED_AT), false);
        await tx.removeUser(id, EMAIL);
        await tx.removeGroup(id, ENGINEERS.name);
        await tx.removeModel(id, MODEL.id);
        await assert.rejects(putAlice(tx, id));
      });
      const { key, groups } = await foundKey(store);
      assertSame([key.revokedAt, groups.length], [null, 1]);
    },
  ],
  [
    "updates a group in place, every field of it",
    async (store, { organization }) => {
      const [before] = (await foundKey(store)).groups;
      const next = {
        ...ENGINEERS,
        personalApiKeyAccess: false,
        askModeOnly: true,
        models: [],
        providers: [],
        denyModels: [],
        denyProviders: [],
      };
      await store.admin.transaction((tx) => tx.putGroup(organization.id, next));
      assertSame((await foundKey(store)).groups, [{ ...next, id: before?.id }]);
    },
  ],
  [
    "updates and removes models",
    async (store, { organization }) => {
      await store.admin.transaction((tx) => tx.putModel(organization.id, { ...MODEL, enabled: false }));
      assert.equal((await store.catalogue(organization.id)).models.get(MODEL.id)?.enabled, false);
      await store.admin.transaction((tx) => tx.removeModel(organization.id, MODEL.id));
      assert.equal((await store.catalogue(organization.id)).models.size, 0);
    },
  ],
  [
    "refuses a membership in a group that does not exist",
    async (store, { organization }) => {
      await assert.rejects(store.admin.transaction((tx) => putAlice(tx, organization.id, ["nobody"])));
      assertSame(
        (await foundKey(store)).groups.map(({ name }) => name),
        [ENGINEERS.name],
      );
    },
  ],
  [
    "undoes all of a transaction that fails",
    async (store) => {
      const epoch = await store.epoch();
      const failed = store.admin.transaction(async (tx) => {
        await tx.putOrganization("half", null);
        throw new Error("on purpose");
      });
      await assert.rejects(failed, /on purpose/);
      const organizations = await store.admin.transaction((tx) => tx.organizations());
      assertSame([organizations.map(({ name }) => name), await store.epoch()], [["acme"], epoch]);
    },
  ],
  [
    "goes on after a transaction that failed",
    async (store) => {
      await assert.rejects(store.admin.transaction(() => Promise.reject(new Error("on purpose"))));
      await assert.rejects(seed(store), "a key of that id is there already");
      await store.admin.transaction((tx) => tx.putOrganization("after", null));
    },
  ],
  [
    "runs transactions one after the other",
    async (store, { organization }) => {
      const append = (letter: string) =>
        store.admin.transaction(async (tx) => {
          const [model] = await tx.models(organization.id);
          await new Promise((resolve) => setImmediate(resolve));
          await tx.putModel(organization.id, { ...MODEL, displayName: `${model?.displayName ?? ""}${letter}` });
        });
      await Promise.all([..."abcdef"].map(append));
      const name = (await store.catalogue(organization.id)).models.get(MODEL.id)?.displayName ?? "";
      assert.equal([...name.slice(MODEL.displayName.length)].sort().join(""), "abcdef");
    },
  ],
];

/** What the management service writes. */
export function storeAdminCases(factory: StoreFactory): readonly Case[] {
  return seededCases(factory, ADMIN_CHECKS);
}

import { assertSame } from "./assert-same";
import type { Case } from "./case";
import {
  CREATED_AT,
  EMAIL,
  ENGINEERS,
  KEY_ID,
  newKey,
  seededCases,
  type Seed,
  type StoreCheck,
  type StoreFactory,
} from "./store-fixtures";
import type { Store } from "../ports/store";

const BOB = "bob@acme.test";

/** Beside the seed's key, two of one moment, and an older one of bob's under another pepper. */
function insertMore(store: Store, { organization, user }: Seed): Promise<void> {
  return store.admin.transaction(async (tx) => {
    const bob = await tx.putUser(organization.id, { email: BOB, role: "user", status: "active", groups: [] });
    for (const id of ["same000001", "same000002"])
      await tx.insertKey(organization.id, newKey(user.id, { id, createdAt: CREATED_AT + 1 }));
    const old = { id: "bob0000000", createdAt: CREATED_AT - 1, pepperVersion: 2 };
    await tx.insertKey(organization.id, newKey(bob.id, old));
  });
}

const NEWEST_FIRST = ["same000002", "same000001", KEY_ID, "bob0000000"];

const LIST_CHECKS: readonly StoreCheck[] = [
  [
    "gives keys page by page, each once, those of one moment by falling id",
    async (store, seed) => {
      await insertMore(store, seed);
      const pages: string[][] = [];
      await store.admin.transaction(async (tx) => {
        const first = await tx.keys(seed.organization.id, { limit: 1 });
        const second = await tx.keys(seed.organization.id, { limit: 2, ...(first[0] && { after: first[0] }) });
        const third = await tx.keys(seed.organization.id, { limit: 9, ...(second[1] && { after: second[1] }) });
        pages.push(...[first, second, third].map((page) => page.map(({ id }) => id)));
      });
      assertSame(pages, [NEWEST_FIRST.slice(0, 1), NEWEST_FIRST.slice(1, 3), NEWEST_FIRST.slice(3)]);
    },
  ],
  [
    "gives only the keys of one user, or of one version of the pepper",
    async (store, seed) => {
      await insertMore(store, seed);
      const [alices, bobs, second] = await store.admin.transaction(async (tx) => [
        await tx.keys(seed.organization.id, { user: EMAIL, limit: 2 }),
        await tx.keys(seed.organization.id, { user: BOB }),
        await tx.keys(seed.organization.id, { pepperVersion: 2 }),
      ]);
      assertSame(
        [alices, bobs, second].map((keys) => keys.map(({ id }) => id)),
        [NEWEST_FIRST.slice(0, 2), ["bob0000000"], ["bob0000000"]],
      );
    },
  ],
  [
    "gives users page by page, with their groups",
    async (store, seed) => {
      await insertMore(store, seed);
      const [first, second] = await store.admin.transaction(async (tx) => [
        await tx.users(seed.organization.id, { limit: 1 }),
        await tx.users(seed.organization.id, { limit: 5, after: EMAIL }),
      ]);
      const told = [first, second].map((users) => users.map(({ email, groups }) => [email, groups]));
      assertSame(told, [[[EMAIL, [ENGINEERS.name]]], [[BOB, []]]]);
    },
  ],
  [
    "gives groups page by page",
    async (store, { organization }) => {
      const pages = await store.admin.transaction(async (tx) => {
        for (const name of ["analysts", "readers"]) await tx.putGroup(organization.id, { ...ENGINEERS, name });
        return [
          await tx.groups(organization.id, { limit: 2 }),
          await tx.groups(organization.id, { limit: 2, after: ENGINEERS.name }),
        ];
      });
      assertSame(
        pages.map((page) => page.map(({ name }) => name)),
        [["analysts", ENGINEERS.name], ["readers"]],
      );
    },
  ],
  [
    "finds one user by e-mail address, and none who is gone",
    async (store, { organization, user }) => {
      const find = (email: string) => store.admin.transaction((tx) => tx.findUser(organization.id, email));
      assertSame([await find(EMAIL), await find(BOB)], [user, null]);
      await store.admin.transaction((tx) => tx.removeUser(organization.id, EMAIL));
      assertSame(await find(EMAIL), null);
    },
  ],
];

/** Lists that are too long to be read at once. */
export function storeListCases(factory: StoreFactory): readonly Case[] {
  return seededCases(factory, LIST_CHECKS);
}

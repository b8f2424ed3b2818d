import { assertSame } from "./assert-same";
import type { Case } from "./case";
import {
  CREATED_AT,
  KEY_ID,
  foundKey,
  newKey,
  seededCases,
  type StoreCheck,
  type StoreFactory,
} from "./store-fixtures";

const OTHER = Uint8Array.from({ length: 32 }, (_, at) => 255 - at);
const THIRD = Uint8Array.from({ length: 32 }, () => 7);

const DIGEST_CHECKS: readonly StoreCheck[] = [
  [
    "knows whether another system made a key, and whether it holds any such key, where it can hold one",
    async (store, { organization, user }) => {
      if (store.hasImportedKeys === undefined) return;
      const before = await store.hasImportedKeys();
      const imported = newKey(user.id, { id: "imported00", imported: true });
      await store.admin.transaction((tx) => tx.insertKey(organization.id, imported));
      const keys = await store.admin.transaction((tx) => tx.keys(organization.id));
      const told = Object.fromEntries(keys.map((key) => [key.id, key.imported]));
      assertSame([before, await store.hasImportedKeys(), told], [false, true, { [KEY_ID]: false, imported00: true }]);
    },
  ],
  [
    "gives a key another digest once, and counts no change, where it can",
    async (store) => {
      if (store.rehash === undefined) return;
      const epoch = await store.epoch();
      await store.rehash(new Map([[KEY_ID, { from: 1, digest: OTHER, pepperVersion: 2 }]]));
      await store.rehash(new Map([[KEY_ID, { from: 1, digest: THIRD, pepperVersion: 3 }]]));
      await store.rehash(new Map([["unknown000", { from: 1, digest: THIRD, pepperVersion: 3 }]]));
      const { digest, pepperVersion } = (await foundKey(store)).key;
      assertSame([[...digest], pepperVersion, await store.epoch()], [[...OTHER], 2, epoch]);
    },
  ],
  [
    "counts keys by the version of their pepper, and those that work among them, where it counts at all",
    async (store, { organization, user }) => {
      if (store.pepperUse === undefined) return;
      await store.admin.transaction(async (tx) => {
        await tx.insertKey(organization.id, newKey(user.id, { id: "expired000", expiresAt: CREATED_AT }));
        await tx.insertKey(organization.id, newKey(user.id, { id: "revoked000", pepperVersion: 2 }));
        await tx.insertKey(organization.id, newKey(user.id, { id: "later00000", expiresAt: CREATED_AT * 5 }));
        await tx.revokeKey(organization.id, "revoked000", CREATED_AT);
      });
      assertSame(await store.pepperUse(), [
        { version: 1, keys: 3, working: 2 },
        { version: 2, keys: 1, working: 0 },
      ]);
      const others = async (except: readonly number[]) =>
        (await store.pepperUse?.(except))?.map(({ version }) => version);
      assertSame([await others([1]), await others([2, 7]), await others([2, 1])], [[2], [1], []]);
    },
  ],
  [
    "keeps what shows of each pepper that it is the same, the first of each version, and counts no change, where it keeps it",
    async (store) => {
      if (store.pepperProofs === undefined) return;
      const epoch = await store.epoch();
      await store.pepperProofs(new Map([[1, OTHER]]));
      const kept = await store.pepperProofs(
        new Map([
          [1, THIRD],
          [2, THIRD],
        ]),
      );
      const all = await store.pepperProofs(new Map());
      const proofs = [kept, all].map((some) => [...some].map(([version, proof]) => [version, ...proof]).sort());
      const first = [
        [1, ...OTHER],
        [2, ...THIRD],
      ];
      assertSame([...proofs, await store.epoch()], [first, first, epoch]);
    },
  ],
];

/** Digests of keys: of other systems, and under peppers that change. */
export function storeDigestCases(factory: StoreFactory): readonly Case[] {
  return seededCases(factory, DIGEST_CHECKS);
}

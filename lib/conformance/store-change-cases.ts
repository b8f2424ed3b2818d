import assert from "node:assert/strict";
import { assertSame } from "./assert-same";
import type { AdminTransaction, ChangeSubject } from "../ports/store";
import type { Case } from "./case";
import {
  CREATED_AT,
  EMAIL,
  ENGINEERS,
  KEY_ID,
  MODEL,
  foundKey,
  newKey,
  putAlice,
  seededCases,
  type Seed,
  type StoreCheck,
  type StoreFactory,
} from "./store-fixtures";

type Mutation = (tx: AdminTransaction, seed: Seed) => Promise<unknown>;

/** Every mutation, what it changes, and the id under which the change log names that (where the test can know it). */
const MUTATIONS: readonly (readonly [
  name: string,
  subject: ChangeSubject,
  change: Mutation,
  id?: (seed: Seed) => string,
])[] = [
  ["putOrganization", "organization", (tx) => tx.putOrganization("acme", null), ({ organization }) => organization.id],
  ["putGroup", "group", (tx, { organization }) => tx.putGroup(organization.id, { ...ENGINEERS, askModeOnly: true })],
  ["removeGroup", "group", (tx, { organization }) => tx.removeGroup(organization.id, ENGINEERS.name)],
  [
    "putModel",
    "model",
    (tx, { organization }) => tx.putModel(organization.id, { ...MODEL, enabled: false }),
    () => MODEL.id,
  ],
  ["removeModel", "model", (tx, { organization }) => tx.removeModel(organization.id, MODEL.id), () => MODEL.id],
  ["putUser", "user", (tx, { organization }) => putAlice(tx, organization.id, []), ({ user }) => user.id],
  [
    "insertKey",
    "key",
    (tx, { organization, user }) => tx.insertKey(organization.id, newKey(user.id, { id: "second0000" })),
    () => "second0000",
  ],
  ["revokeKey", "key", (tx, { organization }) => tx.revokeKey(organization.id, KEY_ID, CREATED_AT), () => KEY_ID],
];

const MUTATION_CHECKS: readonly StoreCheck[] = MUTATIONS.map(([name, subject, mutate, id]) => [
  `raises the epoch by one for ${name}, and says what changed`,
  async (store, seed) => {
    const epoch = await store.epoch();
    await store.admin.transaction((tx) => mutate(tx, seed));
    assert.equal(await store.epoch(), epoch + 1);
    const [change, ...more] = await store.changesSince(epoch);
    assertSame(
      [change?.epoch, change?.organizationId, change?.subject, more],
      [epoch + 1, seed.organization.id, subject, []],
    );
    if (id !== undefined) assert.equal(change?.subjectId, id(seed));
  },
]);

const CHANGE_CHECKS: readonly StoreCheck[] = [
  [
    "says of a removed user that the user and each of its keys changed",
    async (store, { organization, user }) => {
      const epoch = await store.epoch();
      await store.admin.transaction((tx) => tx.removeUser(organization.id, EMAIL));
      const changes = await store.changesSince(epoch);
      assertSame(changes.map(({ subject, subjectId }) => `${subject}:${subjectId}`).sort(), [
        `key:${KEY_ID}`,
        `user:${user.id}`,
      ]);
    },
  ],
  [
    "leaves the epoch alone when nothing changes",
    async (store, { organization }) => {
      await store.admin.transaction((tx) => tx.revokeKey(organization.id, KEY_ID, CREATED_AT));
      const epoch = await store.epoch();
      await store.admin.transaction(async (tx) => {
        await tx.revokeKey(organization.id, KEY_ID, CREATED_AT);
        await tx.revokeKey(organization.id, "unknown000", CREATED_AT);
        await tx.removeGroup(organization.id, "nobody");
        await tx.removeModel(organization.id, "nothing");
        await tx.removeUser(organization.id, "nobody@acme.test");
      });
      assertSame([await store.epoch(), await store.changesSince(epoch)], [epoch, []]);
    },
  ],
  [
    "stamps snapshots and catalogues with the epoch they were read at",
    async (store, { organization }) => {
      const epochs = async () => [
        (await foundKey(store)).epoch,
        (await store.catalogue(organization.id)).epoch,
        await store.epoch(),
      ];
      const [before] = await epochs();
      await store.admin.transaction((tx) => putAlice(tx, organization.id, []));
      assertSame(await epochs(), [Number(before) + 1, Number(before) + 1, Number(before) + 1]);
    },
  ],
  [
    "gives changes oldest first, only later ones, a thousand at most",
    async (store, { organization }) => {
      const start = await store.epoch();
      await store.admin.transaction(async (tx) => {
        for (let index = 0; index < 1_001; index += 1)
          await tx.putModel(organization.id, { ...MODEL, id: `model-${index}` });
      });
      const first = await store.changesSince(start);
      assertSame(
        first.map(({ epoch }) => epoch - start),
        Array.from({ length: 1_000 }, (_, index) => index + 1),
      );
      assertSame(
        (await store.changesSince(start + 1_000)).map(({ subjectId }) => subjectId),
        ["model-1000"],
      );
    },
  ],
  [
    "shows a change to whoever reads after it resolved",
    async (store, { organization }) => {
      for (const enabled of [false, true, false]) {
        await store.admin.transaction((tx) => tx.putModel(organization.id, { ...MODEL, enabled }));
        assert.equal((await store.catalogue(organization.id)).models.get(MODEL.id)?.enabled, enabled);
      }
    },
  ],
];

/** How others learn that something changed. */
export function storeChangeCases(factory: StoreFactory): readonly Case[] {
  return seededCases(factory, [...MUTATION_CHECKS, ...CHANGE_CHECKS]);
}

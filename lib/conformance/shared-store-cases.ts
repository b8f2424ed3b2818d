import assert from "node:assert/strict";
import { assertSame } from "./assert-same";
import type { Store } from "../ports/store";
import type { Case } from "./case";
import { KEY_ID, MODEL, CREATED_AT, foundKey, seed, type Seed } from "./store-fixtures";

/** Two handles on the same data, as two processes would have them. */
export interface StorePair {
  readonly first: Store;
  readonly second: Store;
}

type SharedCheck = readonly [name: string, check: (pair: StorePair, seed: Seed) => Promise<void>];

const CHECKS: readonly SharedCheck[] = [
  [
    "opens twice at once",
    async ({ first, second }) => {
      assert.equal(await second.epoch(), await first.epoch());
      await foundKey(second);
    },
  ],
  [
    "sees what another handle committed",
    async ({ first, second }, { organization }) => {
      const epoch = await second.epoch();
      await first.admin.transaction((tx) => tx.revokeKey(organization.id, KEY_ID, CREATED_AT));
      assert.equal(await second.epoch(), epoch + 1);
      assert.equal((await foundKey(second)).key.revokedAt, CREATED_AT);
      assertSame(
        (await second.changesSince(epoch)).map(({ subjectId }) => subjectId),
        [KEY_ID],
      );
    },
  ],
  [
    "does not see what another handle has not committed",
    async ({ first, second }, { organization }) => {
      const epoch = await second.epoch();
      await first.admin.transaction(async (tx) => {
        await tx.revokeKey(organization.id, KEY_ID, CREATED_AT);
        assert.equal((await foundKey(second)).key.revokedAt, null);
        assert.equal((await foundKey(first)).key.revokedAt, null);
        assert.equal(await first.epoch(), epoch);
      });
      assert.equal(await second.epoch(), epoch + 1);
    },
  ],
  [
    "renews its catalogue when another handle changed it",
    async ({ first, second }, { organization }) => {
      assert.equal((await second.catalogue(organization.id)).models.get(MODEL.id)?.enabled, true);
      await first.admin.transaction((tx) => tx.putModel(organization.id, { ...MODEL, enabled: false }));
      assert.equal((await second.catalogue(organization.id)).models.get(MODEL.id)?.enabled, false);
    },
  ],
  [
    "runs transactions of both handles one after the other",
    async (pair, { organization }) => {
      const append = (store: Store, letter: string) =>
        store.admin.transaction(async (tx) => {
          const [model] = await tx.models(organization.id);
          await new Promise((resolve) => setImmediate(resolve));
          await tx.putModel(organization.id, { ...MODEL, displayName: `${model?.displayName ?? ""}${letter}` });
        });
      await Promise.all(
        [..."abcdef"].map((letter, index) => append(index % 2 === 0 ? pair.first : pair.second, letter)),
      );
      const [model] = await pair.first.admin.transaction((tx) => tx.models(organization.id));
      assert.equal([...(model?.displayName ?? "").slice(MODEL.displayName.length)].sort().join(""), "abcdef");
    },
  ],
  [
    "knows the response ids that another handle remembered",
    async ({ first, second }) => {
      const entry = {
        responseId: "resp_1",
        organizationId: "acme",
        userId: "alice",
        upstream: "openai",
        toolFree: true,
      };
      await first.ledger.remember(entry);
      assertSame(await second.ledger.find("acme", "resp_1"), entry);
    },
  ],
];

/** What every store must do that several processes can share. */
export function sharedStoreCases(factory: () => StorePair | Promise<StorePair>): readonly Case[] {
  return CHECKS.map(([name, check]) => ({
    name,
    run: async () => {
      const pair = await factory();
      await Promise.all([pair.first.open(), pair.second.open()]);
      try {
        await check(pair, await seed(pair.first));
      } finally {
        await pair.first.close();
        await pair.second.close();
      }
    },
  }));
}

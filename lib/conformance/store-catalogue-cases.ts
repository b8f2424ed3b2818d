import assert from "node:assert/strict";
import { assertSame } from "./assert-same";
import type { Case } from "./case";
import { ENGINEERS, MODEL, POLICY, foundKey, seededCases, type StoreCheck, type StoreFactory } from "./store-fixtures";

const CATALOGUE_CHECKS: readonly StoreCheck[] = [
  [
    "gives the catalogue of its organisation by id",
    async (store, { organization }) => {
      const odd: readonly string[] = ["__proto__", "constructor", "Gpt-4o-mini", "gpt-4o-mini ", "modèle"];
      await store.admin.transaction(async (tx) => {
        for (const id of odd)
          await tx.putModel(organization.id, { ...MODEL, id, enabled: false, upstreamModel: "real" });
      });
      const { models } = await store.catalogue(organization.id);
      assertSame([...models.keys()].sort(), [MODEL.id, ...odd].sort());
      assertSame(models.get(MODEL.id), MODEL);
      assertSame(models.get("__proto__"), { ...MODEL, id: "__proto__", enabled: false, upstreamModel: "real" });
    },
  ],
  [
    "gives an unknown organisation an empty catalogue",
    async (store) => {
      assert.equal((await store.catalogue("nobody")).models.size, 0);
    },
  ],
  [
    "keeps data loss policies as they were put",
    async (store, { organization }) => {
      await store.admin.transaction(async (tx) => {
        await tx.putOrganization(organization.name, POLICY);
        await tx.putGroup(organization.id, { ...ENGINEERS, dlp: POLICY });
        await tx.putModel(organization.id, { ...MODEL, dlp: POLICY });
      });
      const snapshot = await foundKey(store);
      const { models } = await store.catalogue(organization.id);
      const kept = [snapshot.organization.dlp, snapshot.groups[0]?.dlp, models.get(MODEL.id)?.dlp];
      assertSame(kept, [POLICY, POLICY, POLICY]);
    },
  ],
];

/** The catalogue, and policies wherever they are kept. */
export function storeCatalogueCases(factory: StoreFactory): readonly Case[] {
  return seededCases(factory, CATALOGUE_CHECKS);
}

import type { Case } from "./case";
import { storeAdminCases } from "./store-admin-cases";
import { storeCatalogueCases } from "./store-catalogue-cases";
import { storeChangeCases } from "./store-change-cases";
import type { StoreFactory } from "./store-fixtures";
import { storeDigestCases } from "./store-digest-cases";
import { storeKeyCases } from "./store-key-cases";
import { storeKeyLifeCases } from "./store-key-life-cases";
import { storeListCases } from "./store-list-cases";
import { storeReadCases } from "./store-read-cases";

/**
 * What every store must do. `factory` gives a store over data of its own, empty, opened or not; each case closes it.
 *
 *     for (const { name, run } of storeCases(() => myStore())) it(name, run);
 */
export function storeCases(factory: StoreFactory): readonly Case[] {
  return [
    storeReadCases,
    storeCatalogueCases,
    storeAdminCases,
    storeKeyCases,
    storeKeyLifeCases,
    storeListCases,
    storeDigestCases,
    storeChangeCases,
  ].flatMap((cases) => cases(factory));
}

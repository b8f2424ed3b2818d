import type { Store } from "../ports/store";
import type { Case } from "./case";
import type { StoreFactory } from "./store-fixtures";

export type PartCheck<Part> = readonly [name: string, check: (part: Part) => Promise<void>];

/** Cases for a part that a store may have; each on a store of its own. */
export function storePartCases<Part>(
  factory: StoreFactory,
  checks: readonly PartCheck<Part>[],
  what: string,
  partOf: (store: Store) => Part | undefined,
): readonly Case[] {
  return checks.map(([name, check]) => ({
    name,
    run: async () => {
      const store = await factory();
      await store.open();
      try {
        const part = partOf(store);
        if (part === undefined) throw new Error(`The store has no ${what}.`);
        await check(part);
      } finally {
        await store.close();
      }
    },
  }));
}

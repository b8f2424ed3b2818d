import type { Catalogue } from "../policy/domain";
import type { Clock } from "../ports/clock";
import type { Change } from "../ports/store";
import { affectedBy } from "./affected-by";

/** Catalogues by organisation id. Only holders of good keys ask, so there are as many as organisations. */
export interface CatalogueCache {
  get(organizationId: string): Catalogue | undefined;
  /** See KeyCache. */
  isDue(organizationId: string): boolean;
  lastKnown(organizationId: string): Catalogue | undefined;
  keep(organizationId: string, catalogue: Catalogue): void;
  /** Drops what may have changed; null drops everything. */
  forget(changes: readonly Change[] | null): void;
}

export function createCatalogueCache(clock: Clock, softTtlMs: number): CatalogueCache {
  const known = new Map<string, { readonly catalogue: Catalogue; readonly dueAt: number }>();
  const get = (organizationId: string) => known.get(organizationId)?.catalogue;
  return Object.freeze({
    get,
    isDue: (organizationId: string) => (known.get(organizationId)?.dueAt ?? Infinity) <= clock.monotonic(),
    lastKnown: get,
    keep: (organizationId: string, catalogue: Catalogue) =>
      void known.set(organizationId, { catalogue, dueAt: clock.monotonic() + softTtlMs }),
    forget(changes: readonly Change[] | null) {
      if (changes === null) return known.clear();
      const { catalogues, organizations } = affectedBy(changes);
      for (const organizationId of [...catalogues, ...organizations]) known.delete(organizationId);
    },
  });
}

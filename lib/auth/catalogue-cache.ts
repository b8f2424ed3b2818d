import type { Catalogue } from "../policy/domain";
import type { Change } from "../ports/store";
import { affectedBy } from "./affected-by";

/** Catalogues by organisation id. Only holders of good keys ask, so there are as many as organisations. */
export interface CatalogueCache {
  get(organizationId: string): Catalogue | undefined;
  lastKnown(organizationId: string): Catalogue | undefined;
  keep(organizationId: string, catalogue: Catalogue): void;
  /** Drops what may have changed; null drops everything. */
  forget(changes: readonly Change[] | null): void;
}

export function createCatalogueCache(): CatalogueCache {
  const known = new Map<string, Catalogue>();
  const get = (organizationId: string) => known.get(organizationId);
  return Object.freeze({
    get,
    lastKnown: get,
    keep: (organizationId: string, catalogue: Catalogue) => void known.set(organizationId, catalogue),
    forget(changes: readonly Change[] | null) {
      if (changes === null) return known.clear();
      const { catalogues, organizations } = affectedBy(changes);
      for (const organizationId of [...catalogues, ...organizations]) known.delete(organizationId);
    },
  });
}

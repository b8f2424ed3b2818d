import type { Change } from "../ports/store";

/** Whether the store holds imported keys. Once it does it always will, since keys are never deleted. */
export interface ImportedKeysCache {
  get(): boolean | undefined;
  /** While the store is down, "none" proves nothing: one may have come meanwhile. */
  lastKnown(): boolean | undefined;
  keep(id: string, known: boolean): void;
  forget(changes: readonly Change[] | null): void;
}

export function createImportedKeysCache(): ImportedKeysCache {
  let known: boolean | undefined;
  return Object.freeze({
    get: () => known,
    lastKnown: () => (known === true ? true : undefined),
    keep: (_: string, found: boolean) => void (known = found),
    forget(changes: readonly Change[] | null) {
      if (changes === null || (known === false && changes.some(({ subject }) => subject === "key"))) known = undefined;
    },
  });
}

import type { KeyObject } from "node:crypto";
import { importDigests, importedKeyId } from "../keys/imported-key";
import type { Found } from "./key-cache";
import type { Snapshots } from "./snapshot-cache";

/** What an imported key is proven with, and what the store knows of it. */
export interface ImportedCandidate {
  readonly proof: Uint8Array;
  readonly id: string;
  readonly found: Found;
}

/**
 * Looks a token of another system's form up, by each digest that it may have been imported under: the same look-ups for
 * every token. Null where nothing was ever imported, which costs no look-up at all.
 */
export function findImported(
  snapshots: Pick<Snapshots, "find" | "hasImportedKeys">,
  secrets: readonly KeyObject[],
): (token: string) => ImportedCandidate | null | Promise<ImportedCandidate | null> {
  function lookUp(token: string): ImportedCandidate | Promise<ImportedCandidate> {
    const proofs = importDigests(token, secrets).map((proof) => ({ proof, id: importedKeyId(proof) }));
    const founds = proofs.map(({ id }) => snapshots.find(id));
    const chosen = (all: readonly Found[]) => choose(proofs.map((proof, at) => ({ ...proof, found: all[at] })));
    return founds.every(isFound) ? chosen(founds) : Promise.all(founds.map(async (found) => found)).then(chosen);
  }

  return (token) => {
    const any = snapshots.hasImportedKeys();
    if (typeof any === "boolean") return any ? lookUp(token) : null;
    return any.then((some) => (some ? lookUp(token) : null));
  };
}

function isFound(found: Found | Promise<Found>): found is Found {
  return !("then" in found);
}

type Looked = Omit<ImportedCandidate, "found"> & { readonly found: Found | undefined };

function choose(candidates: readonly Looked[]): ImportedCandidate {
  const known = candidates.find(({ found }) => found != null && found.snapshot !== null) ?? candidates[0];
  if (known?.found === undefined) throw new RangeError("A token has at least one digest.");
  return { ...known, found: known.found };
}

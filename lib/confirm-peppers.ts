import { ConfigurationError } from "./denial";
import { pepperProof, type Peppers } from "./keys/pepper";
import type { Store } from "./ports/store";

/**
 * Rejects with a ConfigurationError when a pepper is another one than the store has known under that version: keys would be
 * refused here that are good elsewhere, and the other way round. A version that is new to the store is noted there.
 */
export async function confirmPeppers(store: Pick<Store, "pepperProofs">, peppers: Peppers): Promise<void> {
  const given = (peppers.versions ?? [peppers.current]).map(
    (version) => [version, pepperProof(peppers, version)] as const,
  );
  const kept = await store.pepperProofs?.(new Map(given));
  if (kept === undefined) return;
  const other = given.find(([version, proof]) => !isSame(kept.get(version), proof));
  if (other !== undefined) throw otherPepper(other[0]);
}

export function isSame(kept: Uint8Array | undefined, proof: Uint8Array): boolean {
  return kept !== undefined && Buffer.compare(kept, proof) === 0;
}

function otherPepper(version: number): ConfigurationError {
  return new ConfigurationError(
    "pepper_mismatch",
    `The pepper of version ${version} is another one than this store has been used with: good keys would be refused. Give here what the other gates have in LLM_GATE_PEPPER or in the pepper's file. A pepper that is meant to be new needs a version of its own (LLM_GATE_PEPPER_VERSION, or a file that ends in .pepper.${version + 1}).`,
  );
}

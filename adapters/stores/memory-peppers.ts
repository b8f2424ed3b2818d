import type { KeyRehash, PepperUse, Store, StoredKey } from "../../lib/ports/store";
import { frozenCopy } from "./frozen-copy";
import type { MemoryState } from "./memory-state";

type Part = Required<Pick<Store, "hasImportedKeys" | "rehash" | "pepperUse" | "pepperProofs">>;

export function memoryPeppers(opened: () => MemoryState, now: () => number): Part {
  const proofs = new Map<number, Uint8Array>();
  return {
    hasImportedKeys: async () => opened().imported.size > 0,
    rehash: async (digests: ReadonlyMap<string, KeyRehash>) => {
      for (const [id, change] of digests) rehashOne(opened(), id, change);
    },
    pepperUse: async (except: readonly number[] = []) =>
      pepperUse(
        [...opened().keys.values()].map(({ value }) => value),
        now(),
      ).filter(({ version }) => !except.includes(version)),
    pepperProofs: async (given: ReadonlyMap<number, Uint8Array>) => {
      for (const [version, proof] of given) if (!proofs.has(version)) proofs.set(version, Uint8Array.from(proof));
      return new Map(proofs);
    },
  };
}

function rehashOne(state: MemoryState, id: string, { from, digest, pepperVersion }: KeyRehash): void {
  const key = state.keys.get(id);
  if (key?.value.pepperVersion !== from) return;
  state.keys.set(id, { ...key, value: frozenCopy({ ...key.value, digest, pepperVersion }) });
}

function pepperUse(keys: readonly StoredKey[], now: number): readonly PepperUse[] {
  const versions = [...new Set(keys.map(({ pepperVersion }) => pepperVersion))].sort((a, b) => a - b);
  return versions.map((version) => {
    const digested = keys.filter(({ pepperVersion }) => pepperVersion === version);
    const working = digested.filter(
      ({ revokedAt, expiresAt }) => revokedAt === null && (expiresAt === null || expiresAt > now),
    );
    return { version, keys: digested.length, working: working.length };
  });
}

import { LRUCache } from "lru-cache";
import type { Detector, Finding } from "../ports/detector";
import type { EffectivePolicy } from "./engine";
import type { Candidate } from "./resolve-findings";

/**
 * What detectors found in texts seen before, and what policies made of that: a chat sends its whole history again with every
 * turn. Ranges, never text.
 */
export interface FindingMemory {
  of(text: string): KnownText;
}

/** What is known of one text; offsets are of the text as it was written. */
export interface KnownText {
  get(detector: Detector): readonly Finding[] | undefined;
  set(detector: Detector, findings: readonly Finding[]): void;
  /** Who owns which piece of the text under this very policy: one that was combined anew knows nothing yet. */
  ownersUnder(policy: EffectivePolicy): readonly Candidate[] | undefined;
  setOwners(policy: EffectivePolicy, owners: readonly Candidate[]): void;
}

export interface FindingMemoryOptions {
  /** Tells texts apart whatever their author tries: a cryptographic hash of the UTF-16 units. */
  readonly digest: (text: string) => string;
  /** Bound of all entries together. Default 16 MiB. */
  readonly maxBytes?: number;
}

/** Detectors and policies are held weakly: a rule that is no longer in force leaves nothing behind. */
interface Entry {
  readonly findings: WeakMap<Detector, readonly Finding[]>;
  readonly owners: WeakMap<EffectivePolicy, readonly Candidate[]>;
  bytes: number;
}

const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
const ENTRY_BYTES = 400;
const LIST_BYTES = 64;
const FINDING_BYTES = 128;

export function createFindingMemory({ digest, maxBytes = DEFAULT_MAX_BYTES }: FindingMemoryOptions): FindingMemory {
  const entries = new LRUCache<string, Entry>({ maxSize: maxBytes, sizeCalculation: ({ bytes }) => bytes });
  return Object.freeze({
    of(text: string): KnownText {
      const key = digest(text);
      const entry = entries.get(key) ?? { findings: new WeakMap(), owners: new WeakMap(), bytes: ENTRY_BYTES };
      const grow = ({ length }: readonly unknown[]): void => {
        entry.bytes += LIST_BYTES + FINDING_BYTES * length;
        // An entry that is there already would keep the size that it had.
        entries.delete(key);
        entries.set(key, entry);
      };
      return {
        get: (detector) => entry.findings.get(detector),
        set(detector, findings) {
          entry.findings.set(detector, findings);
          grow(findings);
        },
        ownersUnder: (policy) => entry.owners.get(policy),
        setOwners(policy, owners) {
          entry.owners.set(policy, owners);
          grow(owners);
        },
      };
    },
  });
}

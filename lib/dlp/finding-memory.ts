import { LRUCache } from "lru-cache";
import type { Detector, Finding } from "../ports/detector";

/** What detectors found in texts seen before: a chat sends its whole history again with every turn. Ranges, never text. */
export interface FindingMemory {
  of(text: string): KnownText;
}

/** What is known of one text; offsets are of the text as it was written. */
export interface KnownText {
  get(detector: Detector): readonly Finding[] | undefined;
  set(detector: Detector, findings: readonly Finding[]): void;
}

export interface FindingMemoryOptions {
  /** Tells texts apart whatever their author tries: a cryptographic hash of the UTF-16 units. */
  readonly digest: (text: string) => string;
  /** Bound of all entries together. Default 16 MiB. */
  readonly maxBytes?: number;
}

/** Detectors are held weakly: a rule that is no longer in force leaves nothing behind. */
interface Entry {
  readonly findings: WeakMap<Detector, readonly Finding[]>;
  bytes: number;
}

const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
const ENTRY_BYTES = 400;
const DETECTOR_BYTES = 64;
const FINDING_BYTES = 128;

export function createFindingMemory({ digest, maxBytes = DEFAULT_MAX_BYTES }: FindingMemoryOptions): FindingMemory {
  const entries = new LRUCache<string, Entry>({ maxSize: maxBytes, sizeCalculation: ({ bytes }) => bytes });
  return Object.freeze({
    of(text: string): KnownText {
      const key = digest(text);
      const entry = entries.get(key) ?? { findings: new WeakMap(), bytes: ENTRY_BYTES };
      return {
        get: (detector) => entry.findings.get(detector),
        set(detector, findings) {
          entry.findings.set(detector, findings);
          entry.bytes += DETECTOR_BYTES + FINDING_BYTES * findings.length;
          entries.set(key, entry);
        },
      };
    },
  });
}

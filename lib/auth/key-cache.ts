import { LRUCache } from "lru-cache";
import type { Clock } from "../ports/clock";
import type { Change, KeySnapshot } from "../ports/store";
import { affectedBy } from "./affected-by";

export interface Found {
  /** Null for a key that the store does not know. */
  readonly snapshot: KeySnapshot | null;
  /** The store is out of reach: this is what it said at most `staleMs` ago. */
  readonly stale: boolean;
}

export interface KeyCacheOptions {
  readonly clock: Clock;
  /** Bound on known keys, and separately on unknown and on revoked ones. */
  readonly maxKeys: number;
  /** How long "unknown" may be believed without asking again, at most; at least half of it. */
  readonly negativeTtlMs: number;
  /** From 0 to 1: what was asked for at one moment is not forgotten at one moment. */
  readonly random: () => number;
  /** How long a snapshot is believed before it is read again beside its use, and before it is read again first. */
  readonly softTtlMs: number;
  readonly hardTtlMs: number;
}

/** Snapshots by key id. Unknown keys have a place of their own, so that guessing them evicts nobody. */
export interface KeyCache {
  get(keyId: string): Found | undefined;
  /** It should be read again, although nothing is known to have changed: what is not in the change log shows that way. */
  isDue(keyId: string): boolean;
  /** What the store said about a key that it knows, marked stale; for when it says nothing. */
  lastKnown(keyId: string): Found | undefined;
  /** What a read of the store means, given every revocation seen so far: these can only deny. */
  found(snapshot: KeySnapshot | null): Found;
  keep(keyId: string, found: Found): void;
  /** Drops what may have changed; null drops everything. */
  forget(changes: readonly Change[] | null): void;
}

interface Entry {
  readonly found: Found;
  readonly readAt: number;
}

const UNKNOWN: Found = Object.freeze({ snapshot: null, stale: false });

export function createKeyCache({ clock, maxKeys, random, ...ttl }: KeyCacheOptions): KeyCache {
  const known = new LRUCache<string, Entry>({ max: maxKeys });
  const unknownUntil = new LRUCache<string, number>({ max: maxKeys });
  const tombstones = new LRUCache<string, true>({ max: maxKeys });
  return Object.freeze({
    get: (keyId: string) => younger(known.get(keyId), ttl.hardTtlMs) ?? (isUnknown(keyId) ? UNKNOWN : undefined),
    isDue: (keyId: string) => known.has(keyId) && younger(known.peek(keyId), ttl.softTtlMs) === undefined,
    lastKnown(keyId: string) {
      const entry = known.get(keyId);
      return entry && { snapshot: entry.found.snapshot, stale: true };
    },
    found: (snapshot: KeySnapshot | null) =>
      snapshot === null ? UNKNOWN : Object.freeze({ snapshot: buried(snapshot, tombstones, clock), stale: false }),
    keep(keyId: string, found: Found) {
      if (found.snapshot !== null) known.set(keyId, { found, readAt: clock.monotonic() });
      else forgetAsUnknown(keyId);
    },
    forget(changes: readonly Change[] | null) {
      if (changes !== null) return dropAffected(changes, known, unknownUntil);
      known.clear();
      unknownUntil.clear();
    },
  });

  function younger(entry: Entry | undefined, limitMs: number): Found | undefined {
    return entry !== undefined && clock.monotonic() - entry.readAt < limitMs ? entry.found : undefined;
  }

  function forgetAsUnknown(keyId: string): void {
    known.delete(keyId);
    unknownUntil.set(keyId, clock.monotonic() + ttl.negativeTtlMs * (1 - random() / 2));
  }

  function isUnknown(keyId: string): boolean {
    return (unknownUntil.get(keyId) ?? -Infinity) > clock.monotonic();
  }
}

function dropAffected(
  changes: readonly Change[],
  known: LRUCache<string, Entry>,
  unknownUntil: LRUCache<string, number>,
): void {
  const { keys, users, organizations } = affectedBy(changes);
  for (const keyId of keys) unknownUntil.delete(keyId);
  for (const [keyId, { found }] of [...known.entries()]) {
    const { snapshot } = found;
    const reached = snapshot !== null && (users.has(snapshot.user.id) || organizations.has(snapshot.organization.id));
    if (reached || keys.has(keyId)) known.delete(keyId);
  }
}

/**
 * A key once seen as revoked stays so, whatever a late or lagging read says. Of more than are kept, the one that was asked
 * for longest ago is let go: reads that began before its end are over by then.
 */
function buried(snapshot: KeySnapshot, tombstones: LRUCache<string, true>, clock: Clock): KeySnapshot {
  const { key } = snapshot;
  if (key.revokedAt !== null) tombstones.set(key.id, true);
  if (key.revokedAt !== null || tombstones.get(key.id) === undefined) return snapshot;
  return Object.freeze({ ...snapshot, key: Object.freeze({ ...key, revokedAt: clock.now() }) });
}

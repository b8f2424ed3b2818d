import type { KeyObject } from "node:crypto";
import { DEFAULT_KEY_PREFIX, checkKeyPrefix } from "../keys/key-format";
import { parseKey } from "../keys/parse-key";
import { provesKey, type Peppers } from "../keys/pepper";
import type { Clock } from "../ports/clock";
import type { KeySnapshot } from "../ports/store";
import type { Found } from "./key-cache";
import type { Snapshots } from "./snapshot-cache";
import type { CredentialRefusal, KeyJudgement } from "./verdict";
import { findImported, type ImportedCandidate } from "./verify-imported-key";

export interface KeyVerifierOptions {
  readonly snapshots: Pick<Snapshots, "find" | "hasImportedKeys">;
  readonly peppers: Peppers;
  readonly prefix?: string;
  readonly clock: Clock;
  /** What other systems made the digests of imported keys with, besides plain SHA-256. */
  readonly importSecrets?: readonly KeyObject[];
  /** Told of each key that is good, with what proved it. */
  readonly onProven?: (key: KeySnapshot["key"], proof: string | Uint8Array) => void;
  /** Told of each key that works and cannot be judged, since the pepper of this version is not given. */
  readonly onLostPepper?: (version: number) => void;
}

/** Judges a token. At once when its snapshot is at hand; rejects with a Denial when the store cannot answer. */
export type KeyVerifier = (token: string) => KeyJudgement | Promise<KeyJudgement>;

export function createKeyVerifier(options: KeyVerifierOptions): KeyVerifier {
  const { snapshots, peppers, clock, prefix = DEFAULT_KEY_PREFIX, importSecrets = [] } = options;
  const { onProven, onLostPepper } = options;
  checkKeyPrefix(prefix);
  const imported = findImported(snapshots, importSecrets);

  /** The same work for unknown, wrong, revoked and expired keys, so that time tells nothing. */
  function judge(proof: string | Uint8Array, keyId: string | null, { snapshot, stale }: Found): KeyJudgement {
    const known = snapshot !== null && isJudgeable(peppers, snapshot, clock.now()) ? snapshot : null;
    const version = known?.key.pepperVersion ?? peppers.current;
    if (peppers.secret(version) === undefined) onLostPepper?.(version);
    const proven = provesKey(peppers, proof, known === null ? null : known.key);
    if (known === null || !proven) return refused("unknown_key", keyId);
    const reason = lapse(known, clock.now());
    if (reason !== null) return refused(reason, known.key.id);
    onProven?.(known.key, proof);
    return { ok: true, snapshot: known, stale };
  }

  /** The id of an unknown one is of no use to operators, and half a digest of who knows whose secret. */
  function judgeImported(candidate: ImportedCandidate | null): KeyJudgement {
    return candidate === null ? refused("malformed", null) : judge(candidate.proof, null, candidate.found);
  }

  return function verifyKey(token) {
    const parsed = parseKey(token, prefix);
    if (!parsed.ok) {
      if (parsed.reason === "bad_checksum") return refused(parsed.reason, null);
      const candidate = imported(token);
      return candidate !== null && "then" in candidate ? candidate.then(judgeImported) : judgeImported(candidate);
    }
    const found = snapshots.find(parsed.id);
    if ("then" in found) return found.then((late) => judge(token, parsed.id, late));
    return judge(token, parsed.id, found);
  };
}

/** A key that works no more may have outlived the pepper of its digest: then it is as good as unknown. */
function isJudgeable(peppers: Peppers, snapshot: KeySnapshot, now: number): boolean {
  return peppers.secret(snapshot.key.pepperVersion) !== undefined || lapse(snapshot, now) === null;
}

/** Why a key that was proven lets nobody in any more; null when it does. */
export function lapse({ key }: KeySnapshot, now: number): "revoked" | "expired" | null {
  if (key.revokedAt !== null) return "revoked";
  return key.expiresAt !== null && key.expiresAt <= now ? "expired" : null;
}

function refused(reason: CredentialRefusal, keyId: string | null): KeyJudgement {
  return { ok: false, reason, keyId };
}

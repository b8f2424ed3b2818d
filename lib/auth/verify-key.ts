import { DEFAULT_KEY_PREFIX, checkKeyPrefix } from "../keys/key-format";
import { parseKey } from "../keys/parse-key";
import { provesKey, type Peppers } from "../keys/pepper";
import type { Clock } from "../ports/clock";
import type { KeySnapshot } from "../ports/store";
import type { Found } from "./key-cache";
import type { Snapshots } from "./snapshot-cache";
import type { CredentialRefusal, KeyJudgement } from "./verdict";

export interface KeyVerifierOptions {
  readonly snapshots: Pick<Snapshots, "find">;
  readonly peppers: Peppers;
  readonly prefix?: string;
  readonly clock: Clock;
}

/** Judges a token. At once when its snapshot is at hand; rejects with a Denial when the store cannot answer. */
export type KeyVerifier = (token: string) => KeyJudgement | Promise<KeyJudgement>;

export function createKeyVerifier(options: KeyVerifierOptions): KeyVerifier {
  const { snapshots, peppers, clock, prefix = DEFAULT_KEY_PREFIX } = options;
  checkKeyPrefix(prefix);

  /** The same work for unknown, wrong, revoked and expired keys, so that time tells nothing. */
  function judge(token: string, keyId: string, { snapshot, stale }: Found): KeyJudgement {
    const proven = provesKey(peppers, token, snapshot === null ? null : snapshot.key);
    if (snapshot === null || !proven) return refused("unknown_key", keyId);
    const reason = lapse(snapshot, clock.now());
    return reason === null ? { ok: true, snapshot, stale } : refused(reason, keyId);
  }

  return function verifyKey(token) {
    const parsed = parseKey(token, prefix);
    if (!parsed.ok) return refused(parsed.reason, null);
    const found = snapshots.find(parsed.id);
    if ("then" in found) return found.then((late) => judge(token, parsed.id, late));
    return judge(token, parsed.id, found);
  };
}

/** Why a key that was proven lets nobody in any more; null when it does. */
export function lapse({ key }: KeySnapshot, now: number): "revoked" | "expired" | null {
  if (key.revokedAt !== null) return "revoked";
  return key.expiresAt !== null && key.expiresAt <= now ? "expired" : null;
}

function refused(reason: CredentialRefusal, keyId: string | null): KeyJudgement {
  return { ok: false, reason, keyId };
}

import { randomBytes } from "node:crypto";
import { mintKey, type MintedKey } from "../../lib/keys/mint-key";
import { createPeppers, digestKey } from "../../lib/keys/pepper";
import type { Clock } from "../../lib/ports/clock";
import type { Logger } from "../../lib/ports/logger";
import type { KeySnapshot, StoredKey } from "../../lib/ports/store";
import { groupOf, userOf } from "./arbitrary-policy";

export const peppers = createPeppers({ current: 1, versions: { 1: "a pepper for tests, long enough to pass" } });

export interface KeyFixture extends MintedKey {
  readonly snapshot: KeySnapshot;
}

/** A fresh key and what a store would say of it. */
export function keyFixture(stored: Partial<StoredKey> = {}, parts: Partial<KeySnapshot> = {}): KeyFixture {
  const minted = mintKey(randomBytes);
  const digest = digestKey(peppers, 1, minted.key);
  const key = { id: minted.id, name: "laptop", userId: "u1", digest, pepperVersion: 1, createdAt: 0 };
  const snapshot: KeySnapshot = {
    epoch: 1,
    key: { ...key, expiresAt: null, revokedAt: null, models: null, networks: null, ...stored },
    user: userOf("user"),
    organization: { id: "o1", name: "acme", dlp: null },
    groups: [groupOf({ models: ["*"] })],
    ...parts,
  };
  return { ...minted, snapshot };
}

/** A clock that stands still until told otherwise. */
export function handClock(): Clock & { advance(ms: number): void } {
  let elapsed = 0;
  return {
    now: () => Date.UTC(2030, 0, 1) + elapsed,
    monotonic: () => elapsed,
    advance: (ms) => void (elapsed += ms),
  };
}

/** Keeps what was logged, one line each. */
export function listLogger(): Logger & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  const log = (level: string) => (message: string, meta?: object) =>
    lines.push(`${level} ${message} ${JSON.stringify(meta)}`);
  return { lines, debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") };
}

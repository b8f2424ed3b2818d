import type { KeyRecord } from "../../lib/ports/store";
import { moment } from "./moment";

export type KeyStatus = "active" | "revoked" | "expired";

/** A key as programs read it; times in RFC 3339. */
export interface KeyDocument {
  readonly id: string;
  readonly name: string;
  readonly user: string;
  readonly status: KeyStatus;
  readonly createdAt: string | null;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  /** To the minute or so. */
  readonly lastUsedAt: string | null;
  readonly replaces: string | null;
  readonly models: readonly string[] | null;
  readonly networks: readonly string[] | null;
  /** Made by another system. */
  readonly imported: boolean;
}

/** `now` is the store's time. */
export function keyDocument(key: KeyRecord, now: number): KeyDocument {
  const { id, name, user, createdAt, expiresAt, revokedAt, lastUsedAt, replaces, models, networks, imported } = key;
  const expired = expiresAt !== null && expiresAt <= now;
  const status = revokedAt !== null ? "revoked" : expired ? "expired" : "active";
  const times = { createdAt: moment(createdAt), expiresAt: moment(expiresAt), revokedAt: moment(revokedAt) };
  const more = { lastUsedAt: moment(lastUsedAt), replaces, models, networks, imported };
  return { id, name, user, status, ...times, ...more };
}

export function keyFacts(key: KeyDocument): readonly (readonly [string, string])[] {
  return [
    ["id", key.id],
    ["user", key.user],
    ["name", key.name],
    ["status", key.status],
    ["created", key.createdAt ?? ""],
    ["expires", key.expiresAt ?? "never"],
    ["revoked", key.revokedAt ?? "no"],
    ["last used", key.lastUsedAt ?? "never"],
    ...(key.imported ? [["imported", "from another system"] as const] : []),
    ...(key.replaces === null ? [] : [["replaces", key.replaces] as const]),
    ...(key.models === null ? [] : [["models", key.models.join(", ")] as const]),
    ...(key.networks === null ? [] : [["networks", key.networks.join(", ")] as const]),
  ];
}

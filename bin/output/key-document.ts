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
}

export function keyDocument({ id, name, user, createdAt, expiresAt, revokedAt }: KeyRecord): KeyDocument {
  const expired = expiresAt !== null && expiresAt <= Date.now();
  const status = revokedAt !== null ? "revoked" : expired ? "expired" : "active";
  const times = { createdAt: moment(createdAt), expiresAt: moment(expiresAt), revokedAt: moment(revokedAt) };
  return { id, name, user, status, ...times };
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
  ];
}

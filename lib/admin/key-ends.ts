import { isDeepStrictEqual } from "node:util";
import type { KeyChange, KeyRecord } from "../ports/store";
import { AdminError } from "./admin-error";

/** How long a key may go on beside its successor. */
export const LONGEST_GRACE_MS = 365 * 86_400_000;

/** Throws an AdminError for a key that gets no successor. A second one would take over the end of the grace as its own. */
export function assertRotatable(key: KeyRecord, successor: KeyRecord | null, now: number): void {
  const { id, revokedAt, expiresAt } = key;
  if (successor !== null) {
    throw new AdminError(
      "conflict",
      `The key ${id} was rotated: ${successor.id} took its place. Rotate that one, or create a new key where it is lost.`,
    );
  }
  if (revokedAt === null && (expiresAt === null || expiresAt > now)) return;
  throw new AdminError("conflict", `The key ${id} works no more: create a new one instead.`);
}

/** What a successor takes over of its key. */
export function takenOver({ name, expiresAt, models, networks }: KeyRecord) {
  return { name, expiresAt, models, networks };
}

/** Throws an AdminError when a key was changed after its successor was made like it: limits set meanwhile would be lost. */
export function assertTakenOver(key: KeyRecord, before: KeyRecord): void {
  if (isDeepStrictEqual(takenOver(key), takenOver(before))) return;
  throw new AdminError(
    "conflict",
    `Somebody else changed the key ${key.id} meanwhile, so it was not rotated: try again.`,
  );
}

/**
 * Throws an AdminError for a change that would bring a key back: revoked and expired ones stay what they are, and one
 * that was rotated ends, at another time where that is asked for, and never after its successor.
 */
export function assertStaysEnded(key: KeyRecord, successor: KeyRecord | null, change: KeyChange, now: number): void {
  const { id, revokedAt, expiresAt } = key;
  if (revokedAt !== null) throw new AdminError("conflict", `The key ${id} is revoked: it cannot be changed.`);
  const { expiresAt: wanted = expiresAt } = change;
  if (wanted === expiresAt) return;
  if (expiresAt !== null && expiresAt <= now) {
    throw new AdminError("conflict", `The key ${id} has expired, and stays so: create a new one instead.`);
  }
  if (successor === null) return;
  const latest = Math.min(successor.expiresAt ?? Infinity, now + LONGEST_GRACE_MS);
  if (wanted !== null && wanted <= latest) return;
  throw new AdminError(
    "conflict",
    `The key ${id} was rotated, and must end: ${successor.id} took its place. Say a time up to ${new Date(latest).toISOString()}.`,
  );
}

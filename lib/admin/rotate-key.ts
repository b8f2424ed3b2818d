import { randomUUID } from "node:crypto";
import { mintKey } from "../keys/mint-key";
import { digestKey } from "../keys/pepper";
import type { Organization } from "../policy/domain";
import type { AdminTransaction, KeyRecord, NewKey } from "../ports/store";
import { confirmedPeppers, type AdminContext } from "./admin-context";
import { AdminError } from "./admin-error";
import { keyUsability, type KeyUsability } from "./key-usability";
import { assertRotatable, assertTakenOver, LONGEST_GRACE_MS, takenOver } from "./key-ends";
import { knownKey, knownUser } from "./known";
import { recorded, type AdminChange } from "./recorded";

export interface RotateRequest {
  /** The key that gets a successor. */
  readonly id: string;
  /** How long both work; 0 revokes the old one at once. Default: a day. Milliseconds. */
  readonly graceMs?: number;
  /** Asking again under the same id makes no second key: for callers who lost the answer. Default: a new one. */
  readonly requestId?: string;
}

/** The only time that the new key itself is seen. */
export interface RotatedKey extends KeyUsability {
  readonly id: string;
  /** Null when this request was answered before: the key was shown then. Rotate its successor if that answer is lost. */
  readonly key: string | null;
  readonly replaces: string;
  readonly user: string;
  readonly name: string;
  readonly expiresAt: number | null;
  /** When the old key stops; null: at once. */
  readonly graceUntil: number | null;
  readonly requestId: string;
}

const DAY_MS = 86_400_000;

/** One transaction makes the new key and ends the old one: there is no half of a rotation to take up again. */
export async function rotateKey(context: AdminContext, request: RotateRequest): Promise<RotatedKey> {
  const { id, graceMs = DAY_MS, requestId = randomUUID() } = checkedRequest(request);
  const now = await context.now();
  const found = await context.within((tx, organization) => lookAt(tx, organization, id, requestId));
  if (found.made !== null) return answered(found, found.made, requestId);
  const { old, organization } = found;
  assertRotatable(old, found.successor, now);
  const graceUntil = graceMs === 0 ? null : Math.min(now + graceMs, old.expiresAt ?? Infinity);
  const { key, stored } = await minted(context, found, now, { replaces: id, requestId });
  try {
    await recorded(context.recorder, [rotation(organization, old, stored.id, graceUntil)], () =>
      context.within(async (tx) => {
        const key = await knownKey(tx, organization, id);
        assertRotatable(key, await tx.findSuccessor(organization.id, id), now);
        assertTakenOver(key, old);
        await tx.insertKey(organization.id, stored);
        if (graceUntil === null) await tx.revokeKey(organization.id, id, now);
        else await tx.changeKey(organization.id, id, { expiresAt: graceUntil });
      }),
    );
  } catch (error) {
    const settled = await context.within((tx) => lookAt(tx, organization, id, requestId)).catch(() => null);
    if (settled?.made?.id !== stored.id) return answeredElsewhere(settled, requestId, error);
  }
  const { name, expiresAt } = old;
  const { works, why } = found;
  return Object.freeze({
    ...{ id: stored.id, key, replaces: id, user: old.user, name, expiresAt, graceUntil, requestId },
    ...{ works, why },
  });
}

function checkedRequest(request: RotateRequest): RotateRequest {
  const { graceMs = 0, requestId = "x" } = request;
  if (!(Number.isSafeInteger(graceMs) && graceMs >= 0 && graceMs <= LONGEST_GRACE_MS)) {
    throw new AdminError("invalid_argument", "The grace of a rotation is 0 to 365 days.");
  }
  if (!/^[\x21-\x7e]{1,200}$/.test(requestId)) {
    throw new AdminError("invalid_argument", "A request id has 1 to 200 visible ASCII characters.");
  }
  return request;
}

interface Looked extends KeyUsability {
  readonly organization: Organization;
  readonly old: KeyRecord;
  readonly userId: string;
  /** What this very request made before. */
  readonly made: KeyRecord | null;
  /** What any rotation made before. */
  readonly successor: KeyRecord | null;
}

async function lookAt(
  tx: AdminTransaction,
  organization: Organization,
  id: string,
  requestId: string,
): Promise<Looked> {
  const old = await knownKey(tx, organization, id);
  const made = await tx.findRotation(organization.id, requestId);
  if (made !== null && made.replaces !== id) {
    throw new AdminError("conflict", "This request id belongs to the rotation of another key.");
  }
  const user = await knownUser(tx, organization, old.user);
  const successor = await tx.findSuccessor(organization.id, id);
  const usability = keyUsability(user, await tx.groups(organization.id));
  return { organization, old, made, successor, userId: user.id, ...usability };
}

/** The same request, made twice at once: the other one was first. */
function answeredElsewhere(settled: Looked | null, requestId: string, error: unknown): RotatedKey {
  if (settled?.made == null) throw error;
  return answered(settled, settled.made, requestId);
}

function answered({ old, works, why }: Looked, made: KeyRecord, requestId: string): RotatedKey {
  const { id, user, name, expiresAt } = made;
  const graceUntil = old.revokedAt === null ? old.expiresAt : null;
  return Object.freeze({ id, key: null, replaces: old.id, user, name, expiresAt, graceUntil, requestId, works, why });
}

/** The successor takes over what the operator said of the old key, its limits too. */
async function minted(
  context: AdminContext,
  { old, userId }: Looked,
  now: number,
  rotation: NonNullable<NewKey["rotation"]>,
): Promise<{ readonly key: string; readonly stored: NewKey }> {
  const peppers = await confirmedPeppers(context);
  const { id, key } = mintKey(context.options.random, context.options.keyPrefix);
  const digest = digestKey(peppers, peppers.current, key);
  const made = { id, userId, digest, pepperVersion: peppers.current, createdAt: now, rotation };
  return { key, stored: { ...made, ...takenOver(old) } };
}

function rotation(
  organization: Organization,
  old: KeyRecord,
  successor: string,
  graceUntil: number | null,
): AdminChange {
  return {
    ...{ operation: "key.rotate", organization: organization.name, keyId: old.id, subject: `key:${old.id}` },
    before: { expiresAt: old.expiresAt },
    after: { successor, graceUntil },
  };
}

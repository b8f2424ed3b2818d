import { createSecretKey, type KeyObject } from "node:crypto";
import type { JsonValue } from "../../json";
import type { ContentKey } from "../../ports/content-keys";
import type { MasterKey, MasterKeys } from "./master-keys";
import { seal, unseal, type Random } from "./seal";

const KEY_BYTES = 32;
const ID_BYTES = 12;
const NONCE_BYTES = 12;
const DOMAIN = "express-llm-gate/content-key/1";

type Subject = Pick<ContentKey, "organization" | "user">;

/** A new random data key, wrapped. */
export function newDataKey(subject: Subject, master: MasterKey, now: number, random: Random): ContentKey {
  const { organization, user } = subject;
  const named = { id: Buffer.from(random(ID_BYTES)).toString("hex"), organization, user };
  return Object.freeze({ ...named, ...wrap(named, random(KEY_BYTES), master, random), createdAt: now });
}

/** The data key itself; null when it was erased, or no master key that was given opens it. */
export function dataKey(key: ContentKey, masters: MasterKeys): KeyObject | null {
  const bytes = unwrap(key, masters);
  return bytes === null ? null : createSecretKey(bytes);
}

/** The same data key under the current master key; null where `dataKey` gives null. */
export function rewrapped(key: ContentKey, masters: MasterKeys, random: Random): Wrapping | null {
  const bytes = unwrap(key, masters);
  return bytes === null ? null : wrap(key, bytes, masters.current, random);
}

export interface Wrapping {
  readonly wrapped: Uint8Array;
  readonly wrappedBy: string;
}

function wrap(key: Subject & { readonly id: string }, bytes: Uint8Array, master: MasterKey, random: Random): Wrapping {
  const { nonce, sealed } = seal(master.key, placeOf(key), bytes, random);
  return { wrapped: Buffer.concat([nonce, sealed]), wrappedBy: master.id };
}

function unwrap(key: ContentKey, masters: MasterKeys): Uint8Array | null {
  const master = masters.find(key.wrappedBy);
  if (master === null || key.wrapped === null) return null;
  const nonce = key.wrapped.subarray(0, NONCE_BYTES);
  return unseal(master.key, placeOf(key), { nonce, sealed: key.wrapped.subarray(NONCE_BYTES) });
}

function placeOf({ id, organization, user }: Subject & { readonly id: string }): JsonValue {
  return [DOMAIN, id, organization, user];
}

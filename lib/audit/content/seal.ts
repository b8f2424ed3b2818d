import { createCipheriv, createDecipheriv, type KeyObject } from "node:crypto";
import { canonicalJson } from "../canonical";
import type { JsonValue } from "../../json";

/** Random bytes, as many as asked for. */
export type Random = (size: number) => Uint8Array;

export interface Sealed {
  /** 12 random bytes. */
  readonly nonce: Uint8Array;
  /** Ciphertext, then the tag of 16 bytes. */
  readonly sealed: Uint8Array;
}

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM. What is sealed opens only with the same `place`, so that no ciphertext passes for another's. */
export function seal(key: KeyObject, place: JsonValue, plain: Uint8Array, random: Random): Sealed {
  const nonce = random(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(placeBytes(place));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return { nonce, sealed };
}

/** Null when it was sealed with another key or in another place, or was changed since. */
export function unseal(key: KeyObject, place: JsonValue, { nonce, sealed }: Sealed): Uint8Array | null {
  if (nonce.length !== NONCE_BYTES || sealed.length < TAG_BYTES) return null;
  const end = sealed.length - TAG_BYTES;
  try {
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(placeBytes(place));
    decipher.setAuthTag(sealed.subarray(end));
    return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
  } catch {
    return null;
  }
}

function placeBytes(place: JsonValue): Uint8Array {
  return Buffer.from(canonicalJson(place), "utf8");
}

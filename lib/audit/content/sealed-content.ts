import type { KeyObject } from "node:crypto";
import type { JsonValue } from "../../json";
import { packTexts, unpackTexts, type KeptText, type KeptTexts } from "./kept-texts";
import { seal, unseal, type Random } from "./seal";

export const CONTENT_DIRECTIONS = ["request", "response"] as const;
export type ContentDirection = (typeof CONTENT_DIRECTIONS)[number];

/** Text of a call as a record holds it: encrypted with its subject's data key. */
export interface SealedContent {
  readonly direction: ContentDirection;
  /** Id of the data key. */
  readonly key: string;
  /** 12 bytes, base64. */
  readonly nonce: string;
  /** Ciphertext and tag of AES-256-GCM, base64. */
  readonly sealed: string;
  /** Not everything found room. */
  readonly cut: boolean;
}

/** What a sealed content belongs to. It opens nowhere else. */
export interface ContentPlace {
  readonly organization: string;
  readonly user: string;
  readonly requestId: string;
  readonly direction: ContentDirection;
}

export interface DataKey {
  readonly id: string;
  readonly key: KeyObject;
}

const DOMAIN = "express-llm-gate/content/1";

export function sealContent(
  { id, key }: DataKey,
  place: ContentPlace,
  texts: readonly KeptText[],
  { limit, random }: { readonly limit: number; readonly random: Random },
): SealedContent {
  const { direction } = place;
  const { bytes, cut } = packTexts(texts, limit, direction === "request" ? "latest" : "first");
  const { nonce, sealed } = seal(key, aad(id, place), bytes, random);
  return Object.freeze({ direction, key: id, nonce: base64(nonce), sealed: base64(sealed), cut });
}

/** Null when it was sealed with another key, for another place, or was changed since. */
export function openContent(key: KeyObject, place: ContentPlace, content: SealedContent): KeptTexts | null {
  const { nonce, sealed } = content;
  const opened = unseal(key, aad(content.key, place), { nonce: bytesOf(nonce), sealed: bytesOf(sealed) });
  return opened === null ? null : unpackTexts(opened);
}

function aad(keyId: string, { organization, user, requestId, direction }: ContentPlace): JsonValue {
  return [DOMAIN, keyId, organization, user, requestId, direction];
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, "base64");
}

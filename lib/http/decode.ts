import { Denial } from "../denial";
import { bodyTooLarge } from "./body-too-large";
import { CONTENT_CODINGS, inflate, type Coding } from "./inflate";
import { limitConcurrency } from "./limit-concurrency";

export interface DecodeRefusals {
  /** A coding that is not undone here, or more than one layer. */
  unsupported(): Denial;
  /** Truncated, damaged, followed by something, or more than one member. */
  broken(): Denial;
  tooLarge(): Denial;
}

/** Inflaters need memory and threads; so many work at a time in a process. */
const inTurn = limitConcurrency(8);

/** The coding of a `Content-Encoding` value: one token, case-insensitive. `identity` is none; null for any other. */
export function contentCoding(value: string | undefined): Coding | "identity" | null {
  const token = (value ?? "identity").trim().toLowerCase();
  if (token === "identity") return token;
  return CONTENT_CODINGS.find((coding) => coding === token) ?? null;
}

/**
 * Undoes one content coding. What comes out is never kept above `maxBytes`, and inflating stops there. The bytes are
 * all there before an inflater is asked for, so that a slow sender cannot hold one. Throws the Denials of `refusals`.
 */
export async function decodeBytes(
  coding: Coding | "identity",
  bytes: Uint8Array,
  maxBytes: number,
  refusals: Omit<DecodeRefusals, "unsupported">,
): Promise<Uint8Array> {
  if (coding === "identity") return bytes;
  const inflated = await inTurn(() => inflate(coding, bytes, maxBytes));
  if ("bytes" in inflated) return inflated.bytes;
  throw inflated.failure === "broken" ? refusals.broken() : refusals.tooLarge();
}

/** A client's body: 415, 400 and 413. */
export function requestRefusals(maxBytes: number): DecodeRefusals {
  const message = `The content encoding of the request is not supported; use ${CONTENT_CODINGS.join(", ")} or none.`;
  return Object.freeze({
    unsupported: () => new Denial("unsupported_media_type", { reason: "content_encoding", message }),
    broken: () => new Denial("invalid_body", { reason: "body_incomplete" }),
    tooLarge: () => bodyTooLarge(maxBytes),
  });
}

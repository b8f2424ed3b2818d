import { Denial } from "../denial";
import { bodyTooLarge } from "./body-too-large";
import { byteCollector } from "./byte-collector";
import { CONTENT_CODINGS, inflate, type Coding } from "./inflate";
import { limitConcurrency } from "./limit-concurrency";

/** How what cannot be decoded is refused: a client's body and a provider's answer fail in different ways. */
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
 * Collects a body and undoes its one content coding. Neither what comes in nor what comes out is kept above `maxBytes`,
 * and inflating stops there. The source is read to its end before an inflater is asked for, so that a slow sender
 * cannot hold one. Throws the Denials of `refusals`, and what the source throws.
 */
export async function decodeBody(
  encoding: string | undefined,
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
  refusals: DecodeRefusals,
): Promise<Uint8Array> {
  const coding = contentCoding(encoding);
  if (coding === null) throw refusals.unsupported();
  const received = byteCollector();
  for await (const chunk of source) {
    if (received.length + chunk.length > maxBytes) throw refusals.tooLarge();
    received.add(chunk);
  }
  return decodeBytes(coding, received.take(), maxBytes, refusals);
}

/** The same for bytes that are there already. */
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

const upstreamMalformed = (detail: string) => (): Denial =>
  new Denial("upstream_unavailable", { reason: "upstream_malformed", detail });

/** A provider's answer: 502. */
export const ANSWER_REFUSALS: DecodeRefusals = Object.freeze({
  unsupported: upstreamMalformed("content encoding not supported"),
  broken: upstreamMalformed("content encoding damaged"),
  tooLarge: upstreamMalformed("answer too large"),
});

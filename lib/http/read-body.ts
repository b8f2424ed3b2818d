import type { IncomingMessage } from "node:http";
import { ConfigurationError, Denial } from "../denial";
import { bodyTooLarge } from "./body-too-large";
import { contentCoding, decodeBytes, requestRefusals } from "./decode";
import { keptRawBody } from "./keep-raw-body";
import { isJsonMediaType } from "./media-type";
import { receiveBody } from "./receive-body";

export interface ReadBodyOptions {
  /** Of the body as received, and again of what its content coding yields. */
  readonly maxBytes: number;
  /** Longest pause between two bytes, in milliseconds. */
  readonly timeoutMs: number;
  /** For the whole body; default: ten times `timeoutMs`. */
  readonly totalMs?: number;
  /** Runs once the head was found good, before a byte is read: a client may wait to be asked for them. */
  readonly ask?: () => void;
}

const TOTAL_PER_PAUSE = 10;

/**
 * A request's JSON bytes, content coding undone; empty for a request without a body. What the head tells is judged
 * before a byte is read.
 *
 * Throws Denial `unsupported_media_type` (415), `body_too_large` (413), `request_timeout` (408), `invalid_body` (400);
 * ConfigurationError `body_already_read` when another parser took the body and did not keep its bytes.
 */
export async function readBody(req: IncomingMessage, options: ReadBodyOptions): Promise<Uint8Array> {
  const { maxBytes, timeoutMs, totalMs = timeoutMs * TOTAL_PER_PAUSE } = options;
  if (!isJsonMediaType(req.rawHeaders)) throw new Denial("unsupported_media_type", { reason: "media_type" });
  const refusals = requestRefusals(maxBytes);
  const coding = contentCoding(req.headers["content-encoding"]);
  if (coding === null) throw refusals.unsupported();
  if (Number(req.headers["content-length"] ?? 0) > maxBytes) throw refusals.tooLarge();
  if (wasRead(req)) return keptBytes(req, maxBytes);
  options.ask?.();
  const received = await receiveBody(req, { maxBytes, timeoutMs, totalMs });
  return decodeBytes(coding, received, maxBytes, refusals);
}

/** True when bytes of the body may still be under way: whoever answers now must close the connection. */
export function bodyUnread(req: IncomingMessage): boolean {
  const announced = req.headers["transfer-encoding"] !== undefined || Number(req.headers["content-length"] ?? 0) > 0;
  return announced && !req.readableEnded;
}

/** Text that a `setEncoding` made is not the bytes that were sent. */
function wasRead(req: IncomingMessage): boolean {
  return req.readableDidRead || req.readableEnded || req.readableEncoding !== null;
}

function keptBytes(req: IncomingMessage, maxBytes: number): Uint8Array {
  const kept = keptRawBody(req);
  if (kept) {
    if (kept.length > maxBytes) throw bodyTooLarge(maxBytes);
    return kept;
  }
  if (!bodyUnread(req) && !req.readableDidRead) return new Uint8Array(0);
  throw new ConfigurationError(
    "body_already_read",
    "Another body parser read the request before the gate and did not keep its bytes. Mount the gate before the " +
      "parser, or write express.json({ verify: keepRawBody }).",
  );
}

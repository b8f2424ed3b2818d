import type { IncomingMessage } from "node:http";
import { Denial } from "../denial";
import { bodyTooLarge } from "./body-too-large";
import { byteCollector } from "./byte-collector";

/** How long a sender may take. */
export interface ReceiveLimits {
  readonly maxBytes: number;
  /** Without a byte. */
  readonly timeoutMs: number;
  /** For the whole body. */
  readonly totalMs: number;
}

/**
 * The bytes of a body as they come from the connection. Denial `body_too_large` at the first byte above the limit,
 * `request_timeout` when they come too slowly, `invalid_body` when the sender goes away. The stream is left paused then,
 * for the responder to close the connection.
 */
export function receiveBody(req: IncomingMessage, limits: ReceiveLimits): Promise<Uint8Array> {
  const { maxBytes, timeoutMs, totalMs } = limits;
  return new Promise((resolve, reject) => {
    const received = byteCollector();
    const stalled = setTimeout(refuse, timeoutMs, "request_timeout");
    const overdue = setTimeout(refuse, totalMs, "request_timeout");

    function onData(chunk: Uint8Array): void {
      stalled.refresh();
      if (received.length + chunk.length > maxBytes) refuse("body_too_large");
      else received.add(chunk);
    }

    function onEnd(): void {
      stop();
      resolve(received.take());
    }

    function onGone(): void {
      refuse("invalid_body");
    }

    function refuse(code: keyof typeof REFUSALS): void {
      stop();
      req.pause();
      reject(REFUSALS[code](maxBytes));
    }

    function stop(): void {
      clearTimeout(stalled);
      clearTimeout(overdue);
      req.off("data", onData).off("end", onEnd).off("error", onGone).off("close", onGone);
    }

    if (req.destroyed) return onGone();
    req.on("end", onEnd).on("error", onGone).on("close", onGone).on("data", onData);
  });
}

const REFUSALS = {
  body_too_large: bodyTooLarge,
  request_timeout: () => new Denial("request_timeout", { reason: "timeout" }),
  invalid_body: () => new Denial("invalid_body", { reason: "body_incomplete" }),
};

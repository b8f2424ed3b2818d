import type { IncomingMessage } from "node:http";

const KEPT = new WeakMap<IncomingMessage, Uint8Array>();

/**
 * The `verify` hook for a JSON parser that has to run before the gate: `express.json({ verify: keepRawBody })`.
 * Without the bytes the gate refuses, since it would judge something else than what was sent.
 */
export function keepRawBody(req: IncomingMessage, _res: unknown, bytes: Uint8Array): void {
  KEPT.set(req, bytes);
}

/** The bytes that a parser before the gate has read, content coding undone. */
export function keptRawBody(req: IncomingMessage): Uint8Array | undefined {
  return KEPT.get(req);
}

import type { IncomingMessage, ServerResponse } from "node:http";

const waiting = new WeakSet<IncomingMessage>();

/** The client waits for `100 Continue` (RFC 9110 §10.1.1), which it gets only once its key has been judged. */
export function holdContinue(req: IncomingMessage): void {
  waiting.add(req);
}

/** Asks for the body, where the client waits to be asked. */
export function sendContinue(req: IncomingMessage, res: ServerResponse): void {
  if (waiting.delete(req)) res.writeContinue();
}

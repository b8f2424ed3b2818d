import type { RequestHandler } from "express";
import type { Answer } from "./answer";
import type { ClearedCall } from "./call";
import { isRecorded, recordedExchange } from "./exchange";
import { answerUnguarded } from "./unguarded";

/** Turns a function from call to answer into an Express handler; its failure becomes the dialect's error. */
export function handleCalls(answer: (call: ClearedCall) => Promise<Answer | Response>): RequestHandler {
  return async function answerCall(req, res) {
    if (!isRecorded(req)) return answerUnguarded(res);
    const { exchange, call } = recordedExchange(req);
    const made = await Promise.resolve(call)
      .then(answer)
      .catch((error: unknown) => exchange.tap?.fail(error));
    if (made) exchange.tap?.deliver(made instanceof Response ? fromFetch(made) : made);
  };
}

function fromFetch(response: Response): Answer {
  return {
    status: response.status,
    headers: [...response.headers],
    body: response.body ?? nothing(),
    origin: "host",
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  yield* await Promise.resolve([]);
}

import { setTimeout as wait } from "node:timers/promises";
import type { Answer } from "../../../lib/answer";
import { eventBytes, type SseEvent } from "../../../lib/http/sse";
import type { JsonValue } from "../../../lib/json";
import type { EchoReply } from "./dialect";

/** A reply as HTTP. A stream is paced by whoever reads it, and by `delayMs` between its events. */
export function toAnswer(reply: EchoReply, delayMs: number, signal: AbortSignal): Answer {
  const origin = "upstream";
  if ("json" in reply) {
    const { status, json } = reply;
    return { status, headers: [["content-type", "application/json"]], body: wholeBody(json, signal), origin };
  }
  const headers = [
    ["content-type", "text/event-stream; charset=utf-8"],
    ["cache-control", "no-cache"],
  ] as const;
  return { status: 200, headers, body: streamBody(reply.events, delayMs, signal), origin };
}

async function* wholeBody(json: JsonValue, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  signal.throwIfAborted();
  yield Buffer.from(JSON.stringify(json));
}

async function* streamBody(
  events: readonly SseEvent[],
  delayMs: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (const event of events) {
    if (delayMs > 0) await wait(delayMs, undefined, { signal });
    signal.throwIfAborted();
    yield eventBytes(event);
  }
}

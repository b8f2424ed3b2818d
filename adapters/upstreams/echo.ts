import type { ClearedCall } from "../../lib/call";
import { Denial } from "../../lib/denial";
import { isJsonObject, type JsonObject, type JsonValue } from "../../lib/json";
import type { Upstream } from "../../lib/ports/upstream";
import { chatDialect } from "./echo/chat";
import type { EchoDialect, EchoRequest } from "./echo/dialect";
import { messagesDialect } from "./echo/messages";
import { createResponsesDialect } from "./echo/responses";
import { tokensIn } from "./echo/say";
import { toAnswer } from "./echo/to-answer";

export interface EchoOptions {
  /** Milliseconds before each event of a stream. Default 0. */
  readonly delayMs?: number;
  /** How many stored Responses are kept, in memory. Default 1,000. */
  readonly keptResponses?: number;
}

/**
 * The embedded model that needs no account and no network. It repeats the last user text, and calls the first tool that
 * it is offered when that text contains `USE_TOOL`. Answers and counts are derived from the request alone.
 */
export function echoUpstream({ delayMs = 0, keptResponses = 1000 }: EchoOptions = {}): Upstream {
  const dialects: ReadonlyMap<string, EchoDialect> = new Map([
    ["chat", chatDialect],
    ["responses", createResponsesDialect(keptResponses)],
    ["messages", messagesDialect],
  ]);
  return Object.freeze({
    name: "echo",
    protocols: Object.freeze([...dialects.keys()]),
    async forward(call: ClearedCall, signal: AbortSignal) {
      signal.throwIfAborted();
      const dialect = dialects.get(call.protocol.name);
      const answer = dialect !== undefined && Object.hasOwn(dialect, call.operation.id) && dialect[call.operation.id];
      if (!answer) throw new Denial("unsupported_parameter", { reason: "unsupported_protocol" });
      return toAnswer(answer(readRequest(call)), delayMs, signal);
    },
  });
}

function readRequest(call: ClearedCall): EchoRequest {
  return {
    params: call.params,
    query: new URL(call.target, "http://echo.invalid").searchParams,
    body: readBody(call.bytes),
    id: call.requestId.replaceAll("-", ""),
    at: Math.floor(call.receivedAt / 1000),
    inputTokens: tokensIn(call.bytes.length),
  };
}

function readBody(bytes: Uint8Array): JsonObject {
  if (bytes.length === 0) return {};
  const value = JSON.parse(Buffer.from(bytes).toString("utf8")) as JsonValue;
  return isJsonObject(value) ? value : {};
}

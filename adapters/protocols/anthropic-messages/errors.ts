import type { HeaderLines } from "../../../lib/answer";
import type { ErrorKind } from "../../../lib/denial";
import type { PublicError } from "../../../lib/http/public-error";
import type { SseEvent } from "../../../lib/http/sse";
import { makeEvent } from "../make-event";

const JSON_HEADERS: HeaderLines = Object.freeze([Object.freeze(["Content-Type", "application/json"] as const)]);

const TYPES = {
  invalid_request: "invalid_request_error",
  authentication: "authentication_error",
  permission: "permission_error",
  not_found: "not_found_error",
  rate_limit: "rate_limit_error",
  server: "api_error",
  overloaded: "overloaded_error",
  upstream_empty: "upstream_empty_body",
} as const satisfies Record<ErrorKind, string>;

/** Anthropic's envelope: always typed, never with a code. */
export function formatAnthropicError(error: PublicError): { headers: HeaderLines; body: string } {
  const body = { type: "error", error: { type: TYPES[error.kind], message: error.message, ...detailsOf(error) } };
  return { headers: JSON_HEADERS, body: JSON.stringify(body) };
}

/**
 * By these details the vendor's own clients learn that a conversation cannot be held for them; those that began one
 * unasked (the tool runner of @anthropic-ai/sdk 1) go on without, with the whole history in every request.
 */
const NOT_HELD = { details: { error_code: "thread_unsupported_request", unsupported: ["thread"] } };

function detailsOf({ code, field }: PublicError): typeof NOT_HELD | undefined {
  return code === "unsupported_parameter" && field === "thread" ? NOT_HELD : undefined;
}

/** How a stream fails after its 200: this event, and nothing after it. */
export function anthropicErrorEvent(error: PublicError): SseEvent {
  return makeEvent("error", { type: "error", error: { type: "api_error", message: error.message } });
}

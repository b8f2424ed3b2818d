import type { HeaderLines } from "../../lib/answer";
import type { ErrorKind } from "../../lib/denial";
import type { PublicError } from "../../lib/http/public-error";
import type { SseEvent } from "../../lib/http/sse";
import type { JsonObject } from "../../lib/json";
import type { ErrorForm } from "../../lib/ports/protocol";
import { makeEvent } from "./make-event";

const JSON_HEADERS: HeaderLines = Object.freeze([Object.freeze(["Content-Type", "application/json"] as const)]);

const TYPES = {
  invalid_request: "invalid_request_error",
  authentication: "invalid_request_error",
  permission: "permission_error",
  not_found: "not_found",
  rate_limit: "rate_limit_error",
  server: "server_error",
  overloaded: "server_error",
  upstream_empty: "server_error",
} as const satisfies Record<ErrorKind, string>;

/** The envelope of both OpenAI dialects; a 401 is a bare string unless the operator prefers OpenAI's own form. */
export function formatOpenaiError(error: PublicError, form: ErrorForm): { headers: HeaderLines; body: string } {
  return { headers: JSON_HEADERS, body: JSON.stringify(envelope(error, form)) };
}

/** How both OpenAI dialects say that a stream failed after its 200. */
export function openaiErrorEvent(error: PublicError): SseEvent {
  return makeEvent("error", { error: { message: error.message, type: "server_error", code: "stream_error" } });
}

function envelope(error: PublicError, form: ErrorForm): JsonObject {
  if (error.kind !== "authentication") {
    return { error: { message: error.message, type: TYPES[error.kind], code: error.code } };
  }
  if (form.unauthorized === "plain") return { error: "Unauthorized" };
  return { error: { message: error.message, type: TYPES.authentication, param: null, code: "invalid_api_key" } };
}

import { anthropicMessages } from "../../../adapters/protocols/anthropic-messages";
import { openaiChat } from "../../../adapters/protocols/openai-chat";
import { Denial, DENIALS, type DenialCode, type ErrorKind } from "../../../lib/denial";
import { publicError } from "../../../lib/http/public-error";
import type { JsonValue } from "../../../lib/json";
import type { ErrorForm, Protocol } from "../../../lib/ports/protocol";

const TYPES: Record<ErrorKind, { readonly openai: string; readonly anthropic: string }> = {
  invalid_request: { openai: "invalid_request_error", anthropic: "invalid_request_error" },
  authentication: { openai: "invalid_request_error", anthropic: "authentication_error" },
  permission: { openai: "permission_error", anthropic: "permission_error" },
  not_found: { openai: "not_found", anthropic: "not_found_error" },
  rate_limit: { openai: "rate_limit_error", anthropic: "rate_limit_error" },
  server: { openai: "server_error", anthropic: "api_error" },
  overloaded: { openai: "server_error", anthropic: "overloaded_error" },
  upstream_empty: { openai: "server_error", anthropic: "upstream_empty_body" },
};
const CODES = (Object.keys(DENIALS) as DenialCode[]).filter((code) => code !== "unauthorized");

describe("An error envelope", () => {
  it.each(CODES)("says %s in each dialect's words", (code) => {
    const { kind, message } = DENIALS[code];
    expect(bodyOf(openaiChat, code)).toEqual({ error: { message, type: TYPES[kind].openai, code } });
    expect(bodyOf(anthropicMessages, code)).toEqual({ type: "error", error: { type: TYPES[kind].anthropic, message } });
  });

  it("of a 401 is a bare string on chat, and typed on messages in either form", () => {
    const typed = { type: "error", error: { type: "authentication_error", message: "Unauthorized" } };
    expect(bodyOf(openaiChat, "unauthorized")).toEqual({ error: "Unauthorized" });
    expect(bodyOf(anthropicMessages, "unauthorized")).toEqual(typed);
    expect(bodyOf(anthropicMessages, "unauthorized", { unauthorized: "typed" })).toEqual(typed);
  });

  it("of a 401 is OpenAI's own on chat where the operator prefers it", () => {
    expect(bodyOf(openaiChat, "unauthorized", { unauthorized: "typed" })).toEqual({
      error: { message: "Unauthorized", type: "invalid_request_error", param: null, code: "invalid_api_key" },
    });
  });

  it("names the offending field in the message", () => {
    const error = publicError(new Denial("invalid_body", { reason: "invalid_schema", field: "messages[0]" }));
    for (const protocol of [openaiChat, anthropicMessages]) {
      const { headers, body } = protocol.formatError(error, { unauthorized: "plain" });
      expect(JSON.parse(body)).toMatchObject({ error: { message: "The request body is not valid: messages[0]" } });
      expect(headers).toEqual([["Content-Type", "application/json"]]);
    }
  });
});

describe("A list of models", () => {
  const model = {
    id: "gpt-4o-mini",
    provider: "openai",
    displayName: "GPT-4o mini",
    enabled: true,
    upstreamModel: "x",
    dlp: null,
  };
  const other = { ...model, id: "claude", provider: "anthropic", displayName: "Claude" };

  it("has OpenAI's shape on chat", () => {
    const entry = { id: "gpt-4o-mini", object: "model", created: 0, owned_by: "openai", display_name: "GPT-4o mini" };
    expect(openaiChat.formatModel(model)).toEqual(entry);
    expect(openaiChat.formatModels([model])).toEqual({ object: "list", data: [entry] });
  });

  it("has Anthropic's shape on messages", () => {
    const entry = { type: "model", id: "gpt-4o-mini", display_name: "GPT-4o mini", created_at: "1970-01-01T00:00:00Z" };
    expect(anthropicMessages.formatModel(model)).toEqual(entry);
    expect(anthropicMessages.formatModels([model, other])).toMatchObject({
      data: [entry, { id: "claude" }],
      has_more: false,
      first_id: "gpt-4o-mini",
      last_id: "claude",
    });
    expect(anthropicMessages.formatModels([])).toEqual({ data: [], has_more: false, first_id: null, last_id: null });
  });
});

function bodyOf(protocol: Protocol, code: DenialCode, form: ErrorForm = { unauthorized: "plain" }): JsonValue {
  const error = publicError(new Denial(code, { reason: "internal" }));
  return JSON.parse(protocol.formatError(error, form).body) as JsonValue;
}

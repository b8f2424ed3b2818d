/** What the tests know of one wire protocol: enough to ask, to answer, and to tell how it should fail. */
export interface Dialect {
  readonly name: "chat" | "responses" | "messages";
  readonly operation: string;
  readonly path: string;
  /** A minimal request that says `text`. */
  ask(text: string, more?: object): Readonly<Record<string, unknown>>;
  /** A minimal answer that says `text`. */
  answer(text: string, more?: object): object;
  /** The events of a stream that says the texts, one delta each; the last event is the clean end. */
  events(...texts: readonly string[]): readonly string[];
  /** The envelope of an error. */
  envelope(code: ErrorCode, message: unknown): unknown;
  /** What ends a stream that failed after its 200. */
  readonly streamFailure: RegExp;
  /** What a stream's clean end contains. */
  readonly cleanEnd: string;
  /** What an answer says that policy withheld; `streamed` as the events' text. */
  readonly withheld: { readonly json: object; readonly streamed: RegExp };
}

export interface ErrorForm {
  readonly status: number;
  readonly openai: string;
  readonly anthropic: string;
}

/** Contract §5, line by line. */
export const ERRORS = {
  invalid_body: form(400, "invalid_request_error"),
  invalid_request: form(400, "invalid_request_error"),
  model_not_found: form(400, "invalid_request_error"),
  unsupported_parameter: form(400, "invalid_request_error"),
  dlp_blocked: form(400, "invalid_request_error"),
  unauthorized: form(401, "invalid_request_error", "authentication_error"),
  model_access_denied: form(403, "permission_error"),
  api_key_access_disabled: form(403, "permission_error"),
  ask_mode_only: form(403, "permission_error"),
  unknown_endpoint: form(404, "not_found", "not_found_error"),
  not_found: form(404, "not_found", "not_found_error"),
  method_not_allowed: form(405, "invalid_request_error"),
  request_timeout: form(408, "invalid_request_error"),
  body_too_large: form(413, "invalid_request_error"),
  unsupported_media_type: form(415, "invalid_request_error"),
  upgrade_required: form(426, "invalid_request_error"),
  rate_limited: form(429, "rate_limit_error"),
  headers_too_large: form(431, "invalid_request_error"),
  internal_error: form(500, "server_error", "api_error"),
  upstream_empty_body: form(502, "server_error", "upstream_empty_body"),
  upstream_unavailable: form(502, "server_error", "api_error"),
  upstream_timeout: form(504, "server_error", "api_error"),
  store_unavailable: form(503, "server_error", "api_error"),
  audit_unavailable: form(503, "server_error", "api_error"),
  dlp_unavailable: form(503, "server_error", "api_error"),
  draining: form(503, "server_error", "overloaded_error"),
} as const satisfies Record<string, ErrorForm>;
export type ErrorCode = keyof typeof ERRORS;

function form(status: number, openai: string, anthropic = openai): ErrorForm {
  return { status, openai, anthropic };
}

function openaiEnvelope(code: ErrorCode, message: unknown): unknown {
  if (code === "unauthorized") return { error: "Unauthorized" };
  if (code === "body_too_large") return { message };
  return { error: { message, type: ERRORS[code].openai, code } };
}

function anthropicEnvelope(code: ErrorCode, message: unknown): unknown {
  if (code === "body_too_large") return { message };
  return { type: "error", error: { type: ERRORS[code].anthropic, message } };
}

/** Until another request says otherwise, everybody asks for this model. */
export const MODEL = "gpt-4o-mini";

const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
const named = (value: { readonly type: string; readonly [member: string]: unknown }): string =>
  `event: ${value.type}\n${data(value)}`;

const chunk = (delta: object, finish: string | null = null): string =>
  data({
    ...{ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: MODEL },
    choices: [{ index: 0, delta, finish_reason: finish }],
  });

export const chat: Dialect = {
  name: "chat",
  operation: "chat.create",
  path: "/v1/chat/completions",
  ask: (text, more) => ({ model: MODEL, messages: [{ role: "user", content: text }], ...more }),
  answer: (text, more) => ({
    ...{ id: "chatcmpl-1", object: "chat.completion", created: 1, model: MODEL },
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
    usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 },
    ...more,
  }),
  events: (...texts) => [
    chunk({ role: "assistant", content: "" }),
    ...texts.map((text) => chunk({ content: text })),
    chunk({}, "stop"),
    "data: [DONE]\n\n",
  ],
  envelope: openaiEnvelope,
  streamFailure:
    /event: error\ndata: \{"error":\{"message":"[^"]+","type":"server_error","code":"stream_error"\}\}\n\ndata: \[DONE\]\n\n$/,
  cleanEnd: "data: [DONE]",
  withheld: {
    json: { choices: [{ finish_reason: "content_filter" }] },
    streamed: /"finish_reason":"content_filter"[^\n]*\n\ndata: \[DONE\]\n\n$/,
  },
};

const response = (status: string, text: string, more?: object): object => ({
  ...{ id: "resp_1", object: "response", created_at: 1, status, model: MODEL, error: null },
  output:
    status === "completed"
      ? [{ type: "message", id: "msg_1", role: "assistant", status, content: [{ type: "output_text", text }] }]
      : [],
  usage: { input_tokens: 3, output_tokens: 5, total_tokens: 8 },
  ...more,
});

export const responses: Dialect = {
  name: "responses",
  operation: "responses.create",
  path: "/v1/responses",
  ask: (text, more) => ({ model: MODEL, input: text, ...more }),
  answer: (text, more) => response("completed", text, more),
  events: (...texts) => [
    named({ type: "response.created", sequence_number: 0, response: response("in_progress", "") }),
    ...texts.map((delta, at) =>
      named({
        ...{ type: "response.output_text.delta", sequence_number: at + 1 },
        ...{ item_id: "msg_1", output_index: 0, content_index: 0, delta },
      }),
    ),
    named({
      ...{ type: "response.completed", sequence_number: texts.length + 1 },
      response: response("completed", texts.join("")),
    }),
  ],
  envelope: openaiEnvelope,
  streamFailure:
    /event: error\ndata: \{"error":\{"message":"[^"]+","type":"server_error","code":"stream_error"\}\}\n\nevent: response\.failed\ndata: \{[^\n]*"status":"failed"[^\n]*\}\n\n$/,
  cleanEnd: "event: response.completed",
  withheld: {
    json: { status: "incomplete", incomplete_details: { reason: "content_filter" } },
    streamed: /event: response\.incomplete\ndata: [^\n]*"reason":"content_filter"[^\n]*\n\n$/,
  },
};

export const messages: Dialect = {
  name: "messages",
  operation: "messages.create",
  path: "/v1/messages",
  ask: (text, more) => ({ model: MODEL, max_tokens: 16, messages: [{ role: "user", content: text }], ...more }),
  answer: (text, more) => ({
    ...{ id: "msg_1", type: "message", role: "assistant", model: MODEL },
    content: [{ type: "text", text }],
    ...{ stop_reason: "end_turn", stop_sequence: null, usage: { input_tokens: 3, output_tokens: 5 } },
    ...more,
  }),
  events: (...texts) => [
    named({ type: "message_start", message: messages.answer("", { content: [], stop_reason: null }) }),
    named({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
    ...texts.map((text) => named({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } })),
    named({ type: "content_block_stop", index: 0 }),
    named({ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 5 } }),
    named({ type: "message_stop" }),
  ],
  envelope: anthropicEnvelope,
  streamFailure: /event: error\ndata: \{"type":"error","error":\{"type":"api_error","message":"[^"]+"\}\}\n\n$/,
  cleanEnd: "event: message_stop",
  withheld: {
    json: { stop_reason: "refusal" },
    streamed: /"stop_reason":"refusal"[^\n]*\n\nevent: message_stop\ndata: [^\n]*\n\n$/,
  },
};

export const DIALECTS: readonly Dialect[] = [chat, responses, messages];

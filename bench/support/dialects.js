/**
 * The three dialects as a caller sends them and a provider answers them: `content` is what the caller asks, and carries a
 * mark; `isRefusal` knows the body of a 503 of ours.
 */
const sse = (events) => events.map(([name, data]) => `${name ? `event: ${name}\n` : ""}data: ${data}\n\n`);
const named = (events) => sse(events.map((event) => [event.type, JSON.stringify(event)]));

const chatChunk = (delta, finish) => [
  "",
  JSON.stringify({
    ...{ id: "c-1", object: "chat.completion.chunk", created: 1, model: "gpt-4o-mini" },
    choices: [{ index: 0, delta, finish_reason: finish }],
  }),
];
const response = (status, output) => ({
  ...{ id: "resp_1", object: "response", created_at: 1, status, model: "gpt-4o-mini", error: null, output },
  ...(status === "completed" && { usage: { input_tokens: 3, output_tokens: 5, total_tokens: 8 } }),
});
const outputText = (text) => ({ type: "output_text", text, annotations: [] });
const item = (text, status) => ({
  ...{ type: "message", id: "msg_1", role: "assistant", status },
  content: status === "completed" ? [outputText(text)] : [],
});
const message = (content, stop_reason) => ({
  ...{ id: "msg_1", type: "message", role: "assistant", model: "claude-sonnet-4-5", content, stop_reason },
  ...{ stop_sequence: null, usage: { input_tokens: 3, output_tokens: 5 } },
});

const openAiRefusal = ({ error }) => error?.type === "server_error" && typeof error.message === "string";
const anthropicRefusal = ({ type, error }) => type === "error" && error?.type === "api_error";

exports.DIALECTS = [
  {
    path: "/chat/completions",
    isRefusal: openAiRefusal,
    body: (content) => ({ model: "gpt-4o-mini", messages: [{ role: "user", content }] }),
    asked: ({ messages }) => messages[0].content,
    whole: (text) => ({
      ...{ id: "c-1", object: "chat.completion", created: 1, model: "gpt-4o-mini" },
      choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
      usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 },
    }),
    events: (texts) =>
      sse([...texts.map((content) => chatChunk({ content }, null)), chatChunk({}, "stop"), ["", "[DONE]"]]),
  },
  {
    path: "/responses",
    isRefusal: openAiRefusal,
    body: (content) => ({ model: "gpt-4o-mini", input: content, store: false }),
    asked: ({ input }) => input,
    whole: (text) => response("completed", [item(text, "completed")]),
    events: (texts) => {
      const place = { item_id: "msg_1", output_index: 0, content_index: 0 };
      const text = texts.join("");
      return named(
        [
          { type: "response.created", response: response("in_progress", []) },
          { type: "response.output_item.added", output_index: 0, item: item("", "in_progress") },
          { type: "response.content_part.added", ...place, part: outputText("") },
          ...texts.map((delta) => ({ type: "response.output_text.delta", ...place, delta })),
          { type: "response.output_text.done", ...place, text },
          { type: "response.content_part.done", ...place, part: outputText(text) },
          { type: "response.output_item.done", output_index: 0, item: item(text, "completed") },
          { type: "response.completed", response: response("completed", [item(text, "completed")]) },
        ].map((event, sequence_number) => ({ ...event, sequence_number })),
      );
    },
  },
  {
    path: "/messages",
    isRefusal: anthropicRefusal,
    body: (content) => ({ model: "claude-sonnet-4-5", max_tokens: 99, messages: [{ role: "user", content }] }),
    asked: ({ messages }) => messages[0].content,
    whole: (text) => message([{ type: "text", text }], "end_turn"),
    events: (texts) =>
      named([
        { type: "message_start", message: message([], null) },
        { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
        ...texts.map((text) => ({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } })),
        { type: "content_block_stop", index: 0 },
        {
          type: "message_delta",
          delta: { stop_reason: "end_turn", stop_sequence: null },
          usage: { output_tokens: 5 },
        },
        { type: "message_stop" },
      ]),
  },
];

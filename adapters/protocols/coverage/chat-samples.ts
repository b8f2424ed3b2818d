import type { JsonObject } from "../../../lib/json";
import { argumentsOf, sample, type Samples } from "./sample";

const asked = (...messages: readonly JsonObject[]): JsonObject => ({ model: "m", messages });
const user = (content: JsonObject[] | string): JsonObject => asked({ role: "user", content });
const made = (call: JsonObject): JsonObject => asked({ role: "assistant", tool_calls: [{ id: "c", ...call }] });
const extra = (members: JsonObject): JsonObject => ({ ...user("x"), ...members });
const answered = (message: JsonObject, more: JsonObject = {}): JsonObject => ({
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", ...message }, ...more }],
});
const chunk = (delta: JsonObject): JsonObject => ({ object: "chat.completion.chunk", choices: [{ index: 0, delta }] });
const called = (call: JsonObject): JsonObject => ({ tool_calls: [{ index: 0, id: "c", ...call }] });

export const CHAT_SAMPLES: Samples = Object.freeze({
  request: [
    sample("messages[].content", (text) => user(text)),
    sample("messages[].content[].text", (text) => user([{ type: "text", text }])),
    sample("messages[].content[].image_url", (url) => user([{ type: "image_url", image_url: { url: `data:${url}` } }])),
    sample("messages[].content[].input_audio", (data) => user([{ type: "input_audio", input_audio: { data } }])),
    sample("messages[].content[].file", (file_data) => user([{ type: "file", file: { file_data } }])),
    sample("messages[].content[] of an unknown type", (text) => user([{ type: "new", text }])),
    sample("messages[].tool_calls[].function.arguments", (text) =>
      made({ type: "function", function: { name: "f", arguments: argumentsOf(text) } }),
    ),
    sample("messages[].tool_calls[].function.arguments, names", (name) =>
      made({ type: "function", function: { name: "f", arguments: JSON.stringify({ [name]: 1 }) } }),
    ),
    sample("messages[].tool_calls[].function.name", (name) => made({ type: "function", function: { name } })),
    sample("messages[].tool_calls[].custom.input", (input) => made({ type: "custom", custom: { name: "f", input } })),
    sample("messages[].content of a tool", (content) => asked({ role: "tool", tool_call_id: "c", content })),
    sample("messages[].name", (name) => asked({ role: "user", name, content: "x" })),
    sample("tools[].function.description", (description) =>
      extra({ tools: [{ type: "function", function: { name: "f", description } }] }),
    ),
    sample("prediction.content", (content) => extra({ prediction: { type: "content", content } })),
    sample("user", (text) => extra({ user: text })),
    sample("safety_identifier", (text) => extra({ safety_identifier: text })),
    sample("prompt_cache_key", (text) => extra({ prompt_cache_key: text })),
    sample("metadata.*", (text) => extra({ metadata: { text } })),
    sample("metadata, names", (name) => extra({ metadata: { [name]: "x" } })),
    sample("response_format", (text) => extra({ response_format: { type: "json_schema", json_schema: { text } } })),
    sample("members not known", (text) => extra({ invented: text })),
    sample("names of members not known", (name) => extra({ [name]: 1 })),
  ],
  answer: [
    sample("choices[].message.content", (content) => answered({ content })),
    sample("choices[].message.refusal", (refusal) => answered({ refusal })),
    sample("choices[].message.reasoning_content", (text) => answered({ reasoning_content: text })),
    sample("choices[].message.tool_calls[].function.arguments", (text) =>
      answered(called({ type: "function", function: { name: "f", arguments: argumentsOf(text) } })),
    ),
    sample("choices[].message.tool_calls[].function.arguments, names", (name) =>
      answered(called({ type: "function", function: { name: "f", arguments: JSON.stringify({ [name]: 1 }) } })),
    ),
    sample("choices[].message.audio.transcript", (transcript) => answered({ audio: { id: "a", transcript } })),
    sample("choices[].logprobs", (token) => answered({}, { logprobs: { content: [{ token }] } })),
  ],
  event: [
    sample("choices[].delta.content", (content) => chunk({ content })),
    sample("choices[].delta.refusal", (refusal) => chunk({ refusal })),
    sample("choices[].delta.reasoning_content", (text) => chunk({ reasoning_content: text })),
    sample("choices[].delta.tool_calls[].function.arguments", (text) =>
      chunk(called({ function: { arguments: argumentsOf(text) } })),
    ),
    sample("choices[].delta.audio.transcript", (transcript) => chunk({ audio: { id: "a", transcript } })),
    sample("choices[].delta members not known", (text) => chunk({ invented: text })),
  ],
});

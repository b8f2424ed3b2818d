import type { JsonObject } from "../../../lib/json";
import { argumentsOf, sample, type Samples } from "./sample";

const asked = (role: string, content: string | readonly JsonObject[]): JsonObject => ({
  ...{ model: "m", max_tokens: 1 },
  messages: [{ role, content }],
});
const user = (block: JsonObject): JsonObject => asked("user", [block]);
const assistant = (block: JsonObject): JsonObject => asked("assistant", [block]);
const extra = (members: JsonObject): JsonObject => ({ ...asked("user", "x"), ...members });
const answered = (block: JsonObject): JsonObject => ({ type: "message", role: "assistant", content: [block] });
const delta = (members: JsonObject): JsonObject => ({ type: "content_block_delta", index: 0, delta: members });
const toolUseOf = (input: JsonObject): JsonObject => ({ type: "tool_use", id: "t", name: "f", input });
const toolUse = (text: string): JsonObject => toolUseOf({ text });
const thinking = (text: string): JsonObject => ({ type: "thinking", thinking: text, signature: "s" });

export const MESSAGES_SAMPLES: Samples = Object.freeze({
  request: [
    sample("system", (system) => extra({ system })),
    sample("system[].text", (text) => extra({ system: [{ type: "text", text }] })),
    sample("messages[].content", (text) => asked("user", text)),
    sample("messages[].content[].text", (text) => user({ type: "text", text })),
    sample("messages[].content[] image", (data) => user({ type: "image", source: { type: "base64", data } })),
    sample("messages[].content[] document, text", (data) =>
      user({ type: "document", source: { type: "text", media_type: "text/plain", data } }),
    ),
    sample("messages[].content[] document, base64", (data) => user({ type: "document", source: { type: "base64", data } })),
    sample("messages[].content[] search_result", (text) =>
      user({ type: "search_result", source: "s", title: "t", content: [{ type: "text", text }] }),
    ),
    sample("messages[].content[] tool_use.input", (text) => assistant(toolUse(text))),
    sample("messages[].content[] tool_use.input, names", (name) => assistant(toolUseOf({ [name]: 1 }))),
    sample("messages[].content[] tool_result.content", (content) =>
      user({ type: "tool_result", tool_use_id: "t", content }),
    ),
    sample("messages[].content[] thinking", (text) => assistant(thinking(text))),
    sample("messages[].content[] redacted_thinking", (data) => assistant({ type: "redacted_thinking", data })),
    sample("messages[].content[] of an unknown type", (text) => user({ type: "new", text })),
    sample("tools[].description", (description) => extra({ tools: [{ name: "f", description, input_schema: {} }] })),
    sample("metadata.user_id", (text) => extra({ metadata: { user_id: text } })),
    sample("metadata, names", (name) => extra({ metadata: { [name]: "x" } })),
    sample("members not known", (text) => extra({ invented: text })),
    sample("names of members not known", (name) => extra({ [name]: 1 })),
  ],
  answer: [
    sample("content[].text", (text) => answered({ type: "text", text })),
    sample("content[] tool_use.input", (text) => answered(toolUse(text))),
    sample("content[] tool_use.input, names", (name) => answered(toolUseOf({ [name]: 1 }))),
    sample("content[] thinking", (text) => answered(thinking(text))),
    sample("content[].citations[].cited_text", (text) =>
      answered({ type: "text", text: "", citations: [{ type: "char_location", cited_text: text }] }),
    ),
    sample("content[] web_search_tool_result", (title) =>
      answered({ type: "web_search_tool_result", tool_use_id: "t", content: [{ type: "web_search_result", title }] }),
    ),
  ],
  event: [
    sample("content_block_delta text_delta", (text) => delta({ type: "text_delta", text })),
    sample("content_block_delta input_json_delta", (text) =>
      delta({ type: "input_json_delta", partial_json: argumentsOf(text) }),
    ),
    sample("content_block_delta thinking_delta", (text) => delta({ type: "thinking_delta", thinking: text })),
    sample("content_block_delta signature_delta", (signature) => delta({ type: "signature_delta", signature })),
    sample("content_block_delta of an unknown type", (text) => delta({ type: "new_delta", text })),
    sample("content_block_start text", (text) => ({
      ...{ type: "content_block_start", index: 0 },
      content_block: { type: "text", text },
    })),
  ],
});

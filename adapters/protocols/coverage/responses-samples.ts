import type { JsonObject } from "../../../lib/json";
import { argumentsOf, sample, type Samples } from "./sample";

const asked = (...input: readonly JsonObject[]): JsonObject => ({ model: "m", input });
const extra = (members: JsonObject): JsonObject => ({ model: "m", input: "x", ...members });
const message = (role: string, part: JsonObject): JsonObject => ({ type: "message", role, content: [part] });
const reasoning = (text: string): JsonObject => ({ type: "reasoning", id: "r", summary: [{ type: "summary_text", text }] });
const functionCall = (text: string): JsonObject => ({
  ...{ type: "function_call", id: "f", call_id: "c", name: "f" },
  arguments: argumentsOf(text),
});
const spoken = (text: string): JsonObject => message("assistant", { type: "output_text", text });
const response = (...output: readonly JsonObject[]): JsonObject => ({ id: "r", object: "response", output });
const AT = { item_id: "m", output_index: 0, content_index: 0 };
const event = (type: string, members: JsonObject): JsonObject => ({ type, ...members });

export const RESPONSES_SAMPLES: Samples = Object.freeze({
  request: [
    sample("instructions", (instructions) => extra({ instructions })),
    sample("input", (input) => extra({ input })),
    sample("input[].content[].text", (text) => asked(message("user", { type: "input_text", text }))),
    sample("input[].content[] input_image", (url) => asked(message("user", { type: "input_image", image_url: `data:${url}` }))),
    sample("input[].content[] input_file", (data) => asked(message("user", { type: "input_file", file_data: data }))),
    sample("input[] function_call.arguments", (text) => asked(functionCall(text))),
    sample("input[] function_call.arguments, names", (name) => asked({ ...functionCall(""), arguments: JSON.stringify({ [name]: 1 }) })),
    sample("input[] function_call_output.output", (output) => asked({ type: "function_call_output", call_id: "c", output })),
    sample("input[] custom_tool_call.input", (input) => asked({ type: "custom_tool_call", call_id: "c", name: "f", input })),
    sample("input[] shell_call_output", (stdout) =>
      asked({ type: "shell_call_output", call_id: "c", output: [{ stdout, stderr: "", outcome: { type: "exit" } }] }),
    ),
    sample("input[] mcp_call.output", (output) => asked({ type: "mcp_call", id: "c", name: "f", output })),
    sample("input[] reasoning.summary", (text) => asked(reasoning(text))),
    sample("input[] reasoning.encrypted_content", (data) => asked({ type: "reasoning", id: "r", encrypted_content: data })),
    sample("input[] of an unknown type", (text) => asked({ type: "new", text })),
    sample("prompt.variables", (text) => ({ model: "m", prompt: { id: "p", variables: { text } } })),
    sample("tools[].description", (description) => extra({ tools: [{ type: "function", name: "f", description }] })),
    sample("text.format", (text) => extra({ text: { format: { type: "json_schema", schema: { text } } } })),
    sample("safety_identifier", (text) => extra({ safety_identifier: text })),
    sample("metadata.*", (text) => extra({ metadata: { text } })),
    sample("metadata, names", (name) => extra({ metadata: { [name]: "x" } })),
    sample("members not known", (text) => extra({ invented: text })),
    sample("names of members not known", (name) => extra({ [name]: 1 })),
  ],
  answer: [
    sample("output[].content[].text", (text) => response(spoken(text))),
    sample("output[].content[].refusal", (refusal) => response(message("assistant", { type: "refusal", refusal }))),
    sample("output[] function_call.arguments", (text) => response(functionCall(text))),
    sample("output[] function_call.arguments, names", (name) =>
      response({ ...functionCall(""), arguments: JSON.stringify({ [name]: 1 }) }),
    ),
    sample("output[] reasoning.summary", (text) => response(reasoning(text))),
    sample("output[] mcp_call.output", (output) => response({ type: "mcp_call", id: "c", name: "f", output })),
    sample("error.message", (text) => ({ ...response(), error: { message: text } })),
  ],
  event: [
    sample("response.output_text.delta", (delta) => event("response.output_text.delta", { ...AT, delta })),
    sample("response.refusal.delta", (delta) => event("response.refusal.delta", { ...AT, delta })),
    sample("response.reasoning_summary_text.delta", (delta) =>
      event("response.reasoning_summary_text.delta", { item_id: "r", output_index: 0, summary_index: 0, delta }),
    ),
    sample("response.function_call_arguments.delta", (text) =>
      event("response.function_call_arguments.delta", { item_id: "f", output_index: 0, delta: argumentsOf(text) }),
    ),
    sample("response.output_text.done", (text) => event("response.output_text.done", { ...AT, text })),
    sample("response.content_part.done", (text) =>
      event("response.content_part.done", { ...AT, part: { type: "output_text", text } }),
    ),
    sample("response.output_item.done", (text) => event("response.output_item.done", { output_index: 0, item: spoken(text) })),
    sample("response.completed", (text) => event("response.completed", { response: response(spoken(text)) })),
    sample("delta of an unknown event", (delta) => event("response.new.delta", { ...AT, delta })),
  ],
});

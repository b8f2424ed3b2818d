import { member, type JsonObject } from "../../../lib/json";
import type { EchoRequest } from "./dialect";
import { objectsIn, plainText, wordOf } from "./read-body";
import { sampleText, say, tokensIn, type EchoTool, type Said, type Turn } from "./say";

const TOOL_RESULTS = new Set(["function_call_output", "custom_tool_call_output"]);
const KINDS = ["function", "custom"] as const;

/** The finished Response object to a request. */
export function respond(request: EchoRequest): JsonObject {
  const { body, id, at, inputTokens } = request;
  const said = say(turnOf(body));
  const outputTokens = tokensIn("text" in said ? said.text.length : JSON.stringify(said.input).length);
  return {
    id: `resp_${id}`,
    object: "response",
    created_at: at,
    completed_at: at,
    status: "completed",
    background: member(body, "background") === true,
    error: null,
    incomplete_details: null,
    model: wordOf(body, "model"),
    ...echoedSettings(body),
    output: [outputItem(id, said)],
    usage: usageOf(inputTokens, outputTokens),
  };
}

/** `input` as a list of items with ids of their own. */
export function inputItems(body: JsonObject, id: string): readonly JsonObject[] {
  const input = member(body, "input");
  const items =
    typeof input === "string" ? [{ role: "user", content: [{ type: "input_text", text: input }] }] : objectsIn(input);
  return items.map((item, index) => ({ id: `msg_${id}_${index}`, type: "message", ...item }));
}

export function usageOf(input_tokens: number, output_tokens: number): JsonObject {
  return {
    input_tokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input_tokens + output_tokens,
  };
}

function turnOf(body: JsonObject): Turn {
  let userText = "";
  let toolResult: string | null = null;
  for (const item of inputItems(body, "")) {
    if (wordOf(item, "role") === "user") [userText, toolResult] = [plainText(member(item, "content")), null];
    if (TOOL_RESULTS.has(wordOf(item, "type"))) toolResult = plainText(member(item, "output"));
  }
  return { userText, toolResult, tool: toolOf(body) };
}

/** The first tool that the client runs. */
function toolOf(body: JsonObject): EchoTool | null {
  if (member(body, "tool_choice") === "none") return null;
  for (const tool of objectsIn(member(body, "tools"))) {
    const kind = KINDS.find((name) => name === wordOf(tool, "type"));
    if (kind !== undefined) return { name: wordOf(tool, "name"), kind, schema: member(tool, "parameters") };
  }
  return null;
}

function outputItem(id: string, said: Said): JsonObject {
  const status = "completed";
  if ("text" in said) {
    const part = { type: "output_text", text: said.text, annotations: [], logprobs: [] };
    return { id: `msg_${id}`, type: "message", status, role: "assistant", content: [part] };
  }
  const { name, kind } = said.tool;
  const call = { status, call_id: `call_${id}`, name };
  return kind === "custom"
    ? { id: `ctc_${id}`, type: "custom_tool_call", ...call, input: sampleText() }
    : { id: `fc_${id}`, type: "function_call", ...call, arguments: JSON.stringify(said.input) };
}

function echoedSettings(body: JsonObject): JsonObject {
  const asked = (name: string, otherwise: JsonObject[string]): JsonObject => ({
    [name]: member(body, name) ?? otherwise ?? null,
  });
  return {
    ...asked("instructions", null),
    ...asked("max_output_tokens", null),
    ...asked("metadata", {}),
    ...asked("parallel_tool_calls", true),
    ...asked("previous_response_id", null),
    ...asked("temperature", 1),
    ...asked("text", { format: { type: "text" } }),
    ...asked("tool_choice", "auto"),
    ...asked("tools", []),
    ...asked("top_p", 1),
    ...asked("truncation", "disabled"),
  };
}

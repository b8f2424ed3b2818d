import { sseEvent, type SseEvent } from "../../../lib/http/sse";
import { isJsonObject, member, type JsonObject } from "../../../lib/json";
import type { EchoDialect, EchoReply, EchoRequest } from "./dialect";
import { objectsIn, plainText, wordOf } from "./read-body";
import { pieces, sampleText, say, tokensIn, type EchoTool, type Said, type Turn } from "./say";

/** The echo model speaks chat completions. */
export const chatDialect: EchoDialect = Object.freeze({ "chat.create": create });

function create(request: EchoRequest): EchoReply {
  const said = say(turnOf(request.body));
  if (member(request.body, "stream") === true) return { events: stream(request, said) };
  const choice = { index: 0, message: messageOf(request, said), logprobs: null, finish_reason: finishOf(said) };
  const completion = { ...head(request, "chat.completion"), choices: [choice], usage: usageOf(request, said) };
  return { status: 200, json: completion };
}

function turnOf(body: JsonObject): Turn {
  let userText = "";
  let toolResult: string | null = null;
  for (const message of objectsIn(member(body, "messages"))) {
    const role = wordOf(message, "role");
    if (role === "user") [userText, toolResult] = [plainText(member(message, "content")), null];
    if (role === "tool" || role === "function") toolResult = plainText(member(message, "content"));
  }
  return { userText, toolResult, tool: toolOf(body) };
}

function toolOf(body: JsonObject): EchoTool | null {
  const tool = objectsIn(member(body, "tools"))[0];
  if (tool === undefined || member(body, "tool_choice") === "none") return null;
  const kind = wordOf(tool, "type") === "custom" ? "custom" : "function";
  const defined = member(tool, kind);
  if (!isJsonObject(defined)) return null;
  return { name: wordOf(defined, "name"), kind, schema: member(defined, "parameters") };
}

function messageOf(request: EchoRequest, said: Said): JsonObject {
  const spoken = { role: "assistant", refusal: null, annotations: [] };
  if ("text" in said) return { ...spoken, content: said.text };
  return { ...spoken, content: null, tool_calls: [callOf(request, said)] };
}

function callOf({ id }: EchoRequest, said: Exclude<Said, { text: string }>): JsonObject {
  const { name, kind } = said.tool;
  const made = kind === "custom" ? { input: sampleText() } : { arguments: JSON.stringify(said.input) };
  return { id: `call_${id}`, type: kind, [kind]: { name, ...made } };
}

/** Chunks: the role, the pieces, the reason to stop, the usage if asked for, `[DONE]`. */
function stream(request: EchoRequest, said: Said): readonly SseEvent[] {
  const chunk = (choices: JsonObject[], more: JsonObject = {}): SseEvent =>
    sseEvent(null, JSON.stringify({ ...head(request, "chat.completion.chunk"), choices, ...more }));
  const delta = (content: JsonObject, finish_reason: string | null = null): SseEvent =>
    chunk([{ index: 0, delta: content, logprobs: null, finish_reason }]);
  const deltas = "text" in said ? pieces(said.text).map((content) => ({ content })) : callDeltas(request, said);
  const counted = wantsUsage(request.body) ? [chunk([], { usage: usageOf(request, said) })] : [];
  return [
    delta({ role: "assistant", content: "text" in said ? "" : null }),
    ...deltas.map((content) => delta(content)),
    delta({}, finishOf(said)),
    ...counted,
    sseEvent(null, "[DONE]"),
  ];
}

/** The call's head with nothing in it, then its arguments in halves. */
function callDeltas(request: EchoRequest, said: Exclude<Said, { text: string }>): readonly JsonObject[] {
  const { kind, name } = said.tool;
  const field = kind === "custom" ? "input" : "arguments";
  const full = kind === "custom" ? sampleText() : JSON.stringify(said.input);
  const half = Math.ceil(full.length / 2);
  const begun = { index: 0, id: `call_${request.id}`, type: kind, [kind]: { name, [field]: "" } };
  const rest = [full.slice(0, half), full.slice(half)].map((piece) => ({ index: 0, [kind]: { [field]: piece } }));
  return [begun, ...rest].map((call) => ({ tool_calls: [call] }));
}

function head({ id, at, body }: EchoRequest, object: string): JsonObject {
  return { id: `chatcmpl-${id}`, object, created: at, model: wordOf(body, "model"), service_tier: "default" };
}

function finishOf(said: Said): string {
  return "text" in said ? "stop" : "tool_calls";
}

function usageOf({ inputTokens }: EchoRequest, said: Said): JsonObject {
  const completion_tokens = tokensIn("text" in said ? said.text.length : JSON.stringify(said.input).length);
  return { prompt_tokens: inputTokens, completion_tokens, total_tokens: inputTokens + completion_tokens };
}

function wantsUsage(body: JsonObject): boolean {
  const options = member(body, "stream_options");
  return isJsonObject(options) && member(options, "include_usage") === true;
}

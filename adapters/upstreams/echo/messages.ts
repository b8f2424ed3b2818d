import { sseEvent, type SseEvent } from "../../../lib/http/sse";
import { isJsonObject, member, type JsonObject } from "../../../lib/json";
import type { EchoDialect, EchoReply, EchoRequest } from "./dialect";
import { objectsIn, plainText, wordOf } from "./read-body";
import { pieces, say, tokensIn, type EchoTool, type Said, type Turn } from "./say";

/** The echo model speaks Anthropic's messages. */
export const messagesDialect: EchoDialect = Object.freeze({
  "messages.create": create,
  "messages.count_tokens": ({ inputTokens }) => ({ status: 200, json: { input_tokens: inputTokens } }),
});

function create(request: EchoRequest): EchoReply {
  const said = say(turnOf(request.body));
  if (member(request.body, "stream") === true) return { events: stream(request, said) };
  const message = { ...head(request, tokensOf(said)), content: [blockOf(request, said)], stop_reason: stopOf(said) };
  return { status: 200, json: message };
}

function turnOf(body: JsonObject): Turn {
  let userText = "";
  let toolResult: string | null = null;
  for (const message of objectsIn(member(body, "messages"))) {
    if (wordOf(message, "role") !== "user") continue;
    const content = member(message, "content");
    const result = objectsIn(content).findLast((block) => wordOf(block, "type") === "tool_result");
    if (result === undefined) userText = plainText(content);
    toolResult = result === undefined ? null : plainText(member(result, "content"));
  }
  return { userText, toolResult, tool: toolOf(body) };
}

/** The first tool that the client runs; the provider's own have no schema. */
function toolOf(body: JsonObject): EchoTool | null {
  const choice = member(body, "tool_choice");
  if (isJsonObject(choice) && wordOf(choice, "type") === "none") return null;
  const tool = objectsIn(member(body, "tools")).find((offered) => isJsonObject(member(offered, "input_schema")));
  if (tool === undefined) return null;
  return { name: wordOf(tool, "name"), kind: "function", schema: member(tool, "input_schema") };
}

function blockOf({ id }: EchoRequest, said: Said): JsonObject {
  if ("text" in said) return { type: "text", text: said.text, citations: null };
  return { type: "tool_use", id: `toolu_${id}`, name: said.tool.name, input: said.input };
}

function stream(request: EchoRequest, said: Said): readonly SseEvent[] {
  const isText = "text" in said;
  const begun = isText ? { text: "" } : { input: {} };
  const deltas = isText
    ? pieces(said.text).map((text) => ({ type: "text_delta", text }))
    : halves(JSON.stringify(said.input)).map((partial_json) => ({ type: "input_json_delta", partial_json }));
  const end = { delta: { stop_reason: stopOf(said), stop_sequence: null }, usage: { output_tokens: tokensOf(said) } };
  return [
    event("message_start", { message: { ...head(request, 1), content: [], stop_reason: null } }),
    event("content_block_start", { index: 0, content_block: { ...blockOf(request, said), ...begun } }),
    event("ping", {}),
    ...deltas.map((delta) => event("content_block_delta", { index: 0, delta })),
    event("content_block_stop", { index: 0 }),
    event("message_delta", end),
    event("message_stop", {}),
  ];
}

function event(type: string, data: JsonObject): SseEvent {
  return sseEvent(type, JSON.stringify({ type, ...data }));
}

function head({ id, body, inputTokens }: EchoRequest, output_tokens: number): JsonObject {
  const cached = { cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
  return {
    id: `msg_${id}`,
    type: "message",
    role: "assistant",
    model: wordOf(body, "model"),
    stop_sequence: null,
    usage: { input_tokens: inputTokens, output_tokens, ...cached, service_tier: "standard" },
  };
}

function stopOf(said: Said): string {
  return "text" in said ? "end_turn" : "tool_use";
}

function tokensOf(said: Said): number {
  return tokensIn("text" in said ? said.text.length : JSON.stringify(said.input).length);
}

function halves(text: string): readonly string[] {
  const half = Math.ceil(text.length / 2);
  return [text.slice(0, half), text.slice(half)];
}

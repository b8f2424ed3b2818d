import type { JsonDocument } from "../../../lib/http/strict-json";
import { isJsonArray, isJsonObject, member, type JsonPath, type JsonValue } from "../../../lib/json";
import type { ToolRequest } from "../../../lib/ports/protocol";
import { agentModel, forcedChoice, listedTools, presentMembers, typeOf, unknownMembers } from "../tool-requests";
import { callType, CLIENT_TOOL } from "./calls";

/** By these the model can act; each is judged below. */
const JUDGED = ["tools", "tool_choice", "mcp_servers", "container"];

/** Anthropic's reference of messages, less what lets the model act. */
const HARMLESS = [
  "model",
  "messages",
  "billing_policy",
  "cache_control",
  "context_management",
  "diagnostics",
  "fallback_credit_token",
  "inference_geo",
  "max_tokens",
  "metadata",
  "output_config",
  "output_format",
  "service_tier",
  "speed",
  "stop_sequences",
  "stream",
  "system",
  "temperature",
  "thinking",
  "top_k",
  "top_p",
];
const KNOWN: ReadonlySet<string> = new Set([...JUDGED, ...HARMLESS]);

/** Blocks that are only read. */
const HARMLESS_BLOCKS: ReadonlySet<string> = new Set([
  "text",
  "image",
  "document",
  "search_result",
  "thinking",
  "redacted_thinking",
  "fallback",
]);

/** Everything in a messages request by which the model could act, or that is not known to be harmless. Never throws. */
export function messagesToolRequests({ value }: JsonDocument): readonly ToolRequest[] {
  const tools = listedTools(value, "tools", CLIENT_TOOL);
  const messages = member(value, "messages");
  return [
    ...agentModel(value),
    ...tools,
    ...forcedChoice(value, "tool_choice", tools),
    ...presentMembers(value, { mcp_servers: "mcp", container: "container" }),
    ...(isJsonArray(messages) ? messages.flatMap((message, index) => inHistory(message, ["messages", index])) : []),
    ...unknownMembers(value, KNOWN),
  ];
}

/** Calls, results, tools added on the way, and blocks of a type not known. */
function inHistory(message: JsonValue, path: JsonPath): readonly ToolRequest[] {
  const content = isJsonObject(message) ? member(message, "content") : undefined;
  if (!isJsonArray(content)) return [];
  return content.flatMap((block, index) => {
    const type = typeOf(block);
    if (type !== null && HARMLESS_BLOCKS.has(type)) return [];
    return [{ path: [...path, "content", index], type: type === null ? null : callType(type) }];
  });
}

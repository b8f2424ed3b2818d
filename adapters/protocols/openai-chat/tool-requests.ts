import type { JsonDocument } from "../../../lib/http/strict-json";
import { isJsonArray, isJsonObject, member, type JsonPath, type JsonValue } from "../../../lib/json";
import type { ToolRequest } from "../../../lib/ports/protocol";
import { agentModel, forcedChoice, listedTools, presentMembers, unknownMembers } from "../tool-requests";
import { callType } from "./calls";

/** By these the model can act; each is judged below. */
const JUDGED = ["tools", "functions", "tool_choice", "function_call", "web_search_options"];

/** OpenAI's reference of chat completions, less what lets the model act. */
const HARMLESS = [
  "model",
  "messages",
  "audio",
  "frequency_penalty",
  "logit_bias",
  "logprobs",
  "max_completion_tokens",
  "max_tokens",
  "metadata",
  "modalities",
  "moderation",
  "n",
  "parallel_tool_calls",
  "prediction",
  "presence_penalty",
  "prompt_cache_key",
  "prompt_cache_options",
  "prompt_cache_retention",
  "reasoning_effort",
  "response_format",
  "safety_identifier",
  "seed",
  "service_tier",
  "stop",
  "store",
  "stream",
  "stream_options",
  "temperature",
  "top_logprobs",
  "top_p",
  "user",
  "verbosity",
];
const KNOWN: ReadonlySet<string> = new Set([...JUDGED, ...HARMLESS]);

/** Everything in a chat completion request by which the model could act, or that is not known to be harmless. Never throws. */
export function chatToolRequests({ value }: JsonDocument): readonly ToolRequest[] {
  const tools = listedTools(value, "tools", "function");
  const functions = listedTools(value, "functions", "function").map((tool) => ({ ...tool, type: "function" }));
  const messages = member(value, "messages");
  return [
    ...agentModel(value),
    ...tools,
    ...functions,
    ...forcedChoice(value, "tool_choice", tools),
    ...forcedFunction(member(value, "function_call")),
    ...presentMembers(value, { web_search_options: "web_search" }),
    ...(isJsonArray(messages) ? messages.flatMap((message, index) => inHistory(message, ["messages", index])) : []),
    ...unknownMembers(value, KNOWN),
  ];
}

/** The legacy `function_call`: a word, or the function's name in an object. */
function forcedFunction(choice: JsonValue | undefined): readonly ToolRequest[] {
  if (choice === undefined || choice === null || choice === "none" || choice === "auto") return [];
  return [{ path: ["function_call"], type: "function" }];
}

/** Calls and results that a message brings along. A result does not say which type of call it belongs to. */
function inHistory(message: JsonValue, path: JsonPath): readonly ToolRequest[] {
  if (!isJsonObject(message)) return [];
  const role = member(message, "role");
  const calls = member(message, "tool_calls");
  const legacy = member(message, "function_call");
  return [
    ...(role === "tool" || role === "function" ? [{ path, type: "function" }] : []),
    ...(isJsonArray(calls)
      ? calls.map((call, index) => ({ path: [...path, "tool_calls", index], type: callType(call) }))
      : []),
    ...(legacy === undefined || legacy === null ? [] : [{ path: [...path, "function_call"], type: "function" }]),
  ];
}

import type { JsonDocument } from "../../../lib/http/strict-json";
import { isJsonArray, isJsonObject, type JsonObject, type JsonPath, type JsonValue } from "../../../lib/json";
import type { ToolRequest } from "../../../lib/ports/protocol";
import { agentModel, typeOf } from "../tool-requests";
import { itemType } from "./item-map";
import { listTools } from "./list-tools";
import { isConversation, toolTypeOf } from "./tool-types";

/** Judges one top-level member: the places in it by which the model could act. */
type Judge = (value: JsonValue, name: string, body: JsonObject) => readonly ToolRequest[];

const harmless: Judge = () => [];
const refused: Judge = (_value, name) => [nowhere([name])];
const refusedUnlessNull: Judge = (value, name) => (value === null ? [] : [nowhere([name])]);
const refusedWhenTrue: Judge = (value, name) => (value === true ? [nowhere([name])] : []);

const HARMLESS_CHOICES: readonly JsonValue[] = ["none", "auto", null];
const HARMLESS_INCLUDES: readonly JsonValue[] = [
  "reasoning.encrypted_content",
  "message.output_text.logprobs",
  "message.input_image.image_url",
];

/**
 * Every top-level member that is known, closed: a member that is not here is refused. Sources: OpenAI API reference for
 * create, compact and input_tokens; `client_metadata` is what codex sends. `previous_response_id` and `conversation` are
 * judged by the ledger.
 */
const JUDGES: ReadonlyMap<string, Judge> = new Map([
  ["background", refusedWhenTrue],
  ["client_metadata", harmless],
  ["context_management", judgeContextManagement],
  ["conversation", harmless],
  ["include", judgeInclude],
  ["input", judgeInput],
  ["instructions", harmless],
  ["max_output_tokens", harmless],
  ["max_tool_calls", refusedUnlessNull],
  ["metadata", harmless],
  ["model", (model) => agentModel({ model })],
  ["moderation", harmless],
  ["parallel_tool_calls", harmless],
  ["personality", harmless],
  ["previous_response_id", harmless],
  ["prompt", refusedUnlessNull],
  ["prompt_cache_key", harmless],
  ["prompt_cache_options", harmless],
  ["prompt_cache_retention", harmless],
  ["reasoning", harmless],
  ["safety_identifier", harmless],
  ["service_tier", harmless],
  ["store", harmless],
  ["stream", harmless],
  ["stream_options", harmless],
  ["temperature", harmless],
  ["text", harmless],
  ["tool_choice", judgeToolChoice],
  ["tools", judgeTools],
  ["top_logprobs", harmless],
  ["top_p", harmless],
  ["truncation", harmless],
  ["user", harmless],
]);

/** All that Ask Mode does not let pass, in document order (contract §4). */
export function findToolRequests({ value: body }: JsonDocument): readonly ToolRequest[] {
  return Object.entries(body).flatMap(([name, value]) => (JUDGES.get(name) ?? refused)(value ?? null, name, body));
}

function judgeTools(tools: JsonValue, name: string): readonly ToolRequest[] {
  if (tools === null) return [];
  if (!isJsonArray(tools)) return [nowhere([name])];
  return listTools({ tools }).map(({ path, value }) => ({ path, type: typeOf(value) }));
}

/** A choice that makes the model act admits no tool that is not listed, so that its type is that of the first tool. */
function judgeToolChoice(choice: JsonValue, name: string, body: JsonObject): readonly ToolRequest[] {
  if (HARMLESS_CHOICES.includes(choice)) return [];
  if (!isJsonObject(choice)) return [{ path: [name], type: typeOf(listTools(body)[0]?.value) }];
  const narrowed = typeOf(choice) === "allowed_tools" ? listTools(choice, [name]) : [];
  if (narrowed.length === 0) return [{ path: [name], type: typeOf(choice) }];
  return narrowed.map(({ path, value }) => ({ path, type: typeOf(value) }));
}

/** Results of tools are the tools' business, and are admitted with them. */
function judgeInclude(include: JsonValue, name: string): readonly ToolRequest[] {
  if (include === null) return [];
  if (!isJsonArray(include)) return [nowhere([name])];
  return include.flatMap((value, index) => {
    if (HARMLESS_INCLUDES.includes(value)) return [];
    const item = typeof value === "string" ? value.split(".")[0] : undefined;
    return [{ path: [name, index], type: item === undefined ? null : toolTypeOf(item) }];
  });
}

function judgeInput(input: JsonValue, name: string): readonly ToolRequest[] {
  if (!isJsonArray(input)) return [];
  return input.flatMap((item, index) => judgeItem(item, [name, index]));
}

/** Tools are judged wherever an item carries them; an item that is nothing but its tools is judged by them alone. */
function judgeItem(item: JsonValue, path: JsonPath): readonly ToolRequest[] {
  const type = itemType(item);
  const carried = isJsonObject(item) ? listTools(item, path) : [];
  const tools = carried.map((tool) => ({ path: tool.path, type: typeOf(tool.value) }));
  const isCarrier = type === "additional_tools" && tools.length > 0;
  if (isCarrier || (type !== null && isConversation(type))) return tools;
  return [{ path, type: type === null ? null : toolTypeOf(type) }, ...tools];
}

/** Compaction shortens the conversation; whatever else may come to be managed is unknown. */
function judgeContextManagement(entries: JsonValue, name: string): readonly ToolRequest[] {
  if (entries === null) return [];
  if (!isJsonArray(entries)) return [nowhere([name])];
  return entries.flatMap((entry, index) => (typeOf(entry) === "compaction" ? [] : [nowhere([name, index])]));
}

/** A place that no option admits. */
function nowhere(path: JsonPath): ToolRequest {
  return { path, type: null };
}

import { isJsonArray, isJsonObject, member, type JsonObject, type JsonValue } from "../../../lib/json";
import type { AnswerContent, AnswerSpan, TextSpan, Usage } from "../../../lib/ports/protocol";
import { identifier } from "../plain-values";
import { readUsage } from "../read-usage";
import { as, byMember, each, findText, leftAlone, members, text, type TextReader } from "../text-map";
import { valueAt } from "../value-at";
import { itemType, outputItem } from "./item-map";
import { calledTool } from "./tool-types";

/** Echoes of the request: judged when it came, and nothing that the model said. */
const ECHOES = {
  tools: leftAlone,
  tool_choice: leftAlone,
  text: leftAlone,
  metadata: leftAlone,
  user: leftAlone,
  safety_identifier: leftAlone,
  prompt: leftAlone,
  prompt_cache_key: leftAlone,
  moderation: leftAlone,
  reasoning: leftAlone,
};

/** Where text is in a Response object, a compaction, or an error. */
export const responseMap = as(
  "assistant",
  members({
    ...ECHOES,
    id: identifier,
    object: identifier,
    model: identifier,
    status: identifier,
    previous_response_id: identifier,
    conversation: members({ id: identifier }),
    instructions: as("system", instructions()),
    output: each(outputItem),
    output_text: text,
    error: members({ message: text }),
  }),
);

const listMap = members({ object: identifier, first_id: identifier, last_id: identifier, data: each(outputItem) });
const answerMap = byMember("object", { list: listMap, response: responseMap }, responseMap);

/** What a JSON answer of any of the Responses endpoints holds. */
export function readAnswer(value: JsonValue): AnswerContent {
  const response = isJsonObject(value) ? value : {};
  return {
    spans: findText(answerMap, value).spans.map((span) => withRepeats(span, value)),
    toolCalls: calledTools(response),
    usage: usageOf(response),
    responseId: readResponseId(response),
  };
}

/** The types of tools that the output calls. */
export function calledTools(response: JsonObject): readonly string[] {
  const output = member(response, "output");
  return isJsonArray(output) ? output.flatMap(calledByItem) : [];
}

/** The type of tool that one item of an answer calls, in a list of its own; an item without a type calls the unknown. */
export function calledByItem(item: JsonValue): readonly string[] {
  const called = calledTool(itemType(item) ?? "unknown");
  return called === null ? [] : [called];
}

export function usageOf(response: JsonObject): Usage | null {
  return readUsage(member(response, "usage"), "input_tokens", "output_tokens");
}

/** The id of a Response that exists: not of a compaction, a list, or one that was deleted. */
export function readResponseId(response: JsonObject): string | null {
  const id = member(response, "id");
  const exists = member(response, "object") === "response" && member(response, "deleted") !== true;
  return exists && typeof id === "string" ? id : null;
}

/** Log-probabilities beside a text spell it out token by token. */
export function withRepeats(span: TextSpan, root: JsonValue): AnswerSpan {
  const parent = span.path.slice(0, -1);
  const beside = valueAt(root, [...parent, "logprobs"]);
  return isJsonArray(beside) && beside.length > 0 ? { ...span, repeatedAt: [[...parent, "logprobs"]] } : span;
}

/** A string, or the items of a stored prompt. */
function instructions(): TextReader {
  const items = each(outputItem);
  return (place, found) => (isJsonArray(place.value) ? items : text)(place, found);
}

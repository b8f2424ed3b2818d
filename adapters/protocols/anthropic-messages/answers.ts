import { isJsonObject, member, type JsonObject, type JsonValue } from "../../../lib/json";
import type { AnswerContent, Usage } from "../../../lib/ports/protocol";
import { readUsage } from "../read-usage";
import { as, each, findText, leftAlone, members } from "../text-map";
import { block, blockDelta } from "./blocks";
import { callsIn } from "./calls";

const answer = members({
  id: leftAlone,
  type: leftAlone,
  role: leftAlone,
  model: leftAlone,
  content: each(block),
  stop_reason: leftAlone,
  usage: leftAlone,
  container: leftAlone,
});
const answerText = as("assistant", answer);

/** Where text is in one event of a stream; an event of a type not known is scanned. */
export const eventText = as(
  "assistant",
  members({ type: leftAlone, message: answer, content_block: block, delta: blockDelta, usage: leftAlone }),
);

/** Text, calls and usage of a whole answer. Never throws. A message cannot be asked for again through the gate. */
export function readAnswer(value: JsonValue): AnswerContent {
  return {
    spans: findText(answerText, value).spans,
    toolCalls: callsIn(value),
    usage: isJsonObject(value) ? messagesUsage(member(value, "usage")) : null,
    responseId: null,
  };
}

export function messagesUsage(usage: JsonValue | undefined): Usage | null {
  return readUsage(usage, "input_tokens", "output_tokens");
}

/** The same answer as if the model had refused, with nothing in it. */
export function withholdAnswer(value: JsonValue): JsonValue {
  const { id = "", model = "", usage = NO_USAGE } = isJsonObject(value) ? headOf(value) : {};
  return {
    id,
    type: "message",
    role: "assistant",
    model,
    content: [],
    stop_reason: "refusal",
    stop_sequence: null,
    usage,
  };
}

/** What an answer is known by, as far as it says so. */
export function headOf(message: JsonObject): JsonObject {
  const names = ["id", "model", "usage"].filter((name) => Object.hasOwn(message, name));
  return Object.fromEntries(names.map((name) => [name, member(message, name)]));
}

export const NO_USAGE = Object.freeze({ input_tokens: 0, output_tokens: 0 });

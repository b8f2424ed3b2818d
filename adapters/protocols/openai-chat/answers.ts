import { isJsonArray, isJsonObject, member, type JsonPath, type JsonValue } from "../../../lib/json";
import type { AnswerContent, AnswerSpan, TextSpan } from "../../../lib/ports/protocol";
import { readUsage } from "../read-usage";
import { findText } from "../text-map";
import { valueAt } from "../value-at";
import { answerText } from "./answer-text";
import { callsIn } from "./calls";

/** Text, calls and usage of a whole answer. Never throws. A chat completion cannot be asked for again through the gate. */
export function readAnswer(value: JsonValue): AnswerContent {
  return {
    spans: answerSpans(value),
    toolCalls: callsIn(value, "message").map((call) => call.type),
    usage: chatUsage(value),
    responseId: null,
  };
}

export function answerSpans(value: JsonValue): readonly AnswerSpan[] {
  return findText(answerText, value).spans.map((span) => withRepeats(value, span));
}

export function chatUsage(value: JsonValue): AnswerContent["usage"] {
  return isJsonObject(value) ? readUsage(member(value, "usage"), "prompt_tokens", "completion_tokens") : null;
}

/** The lists in `logprobs` spell token by token whatever the choice says: its text, its reasoning, its calls. */
function withRepeats(value: JsonValue, span: TextSpan): AnswerSpan {
  const [choices, position] = span.path;
  if (!span.rewritable || choices !== "choices" || typeof position !== "number") return span;
  const beside: JsonPath = ["choices", position, "logprobs"];
  const logprobs = valueAt(value, beside);
  if (!isJsonObject(logprobs)) return span;
  const lists = Object.keys(logprobs).filter((name) => isJsonArray(member(logprobs, name)));
  return lists.length === 0 ? span : { ...span, repeatedAt: lists.map((name) => [...beside, name]) };
}

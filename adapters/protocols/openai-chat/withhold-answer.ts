import { isJsonObject, member, type JsonObject, type JsonValue } from "../../../lib/json";
import { choicesOf } from "./choices";

/** The same answer as if the provider's own filter had stopped every choice. */
export function withholdAnswer(value: JsonValue): JsonValue {
  const choices = choicesOf(value);
  const indexes = choices.length === 0 ? [0] : choices.map((choice) => choice.index);
  return { ...kept(value), choices: indexes.map(withheldChoice) };
}

function withheldChoice(index: number): JsonValue {
  const message = { role: "assistant", content: null, refusal: null };
  return { index, message, logprobs: null, finish_reason: "content_filter" };
}

const KEPT = ["id", "object", "created", "model", "system_fingerprint", "service_tier", "usage"];

function kept(value: JsonValue): JsonObject {
  if (!isJsonObject(value)) return { object: "chat.completion" };
  return Object.fromEntries(KEPT.flatMap((name) => (Object.hasOwn(value, name) ? [[name, member(value, name)]] : [])));
}

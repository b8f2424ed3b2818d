import { isJsonArray, isJsonObject, member, type JsonValue } from "../../../lib/json";
import { choicesOf } from "./choices";

/** A call that the model asks for, or a piece of one; the pieces of one call share its key. */
export interface Call {
  readonly key: string;
  readonly type: string;
}

/** The calls of an answer (`message`) or of a chunk (`delta`), the legacy form included. */
export function callsIn(value: JsonValue, where: "message" | "delta"): readonly Call[] {
  return choicesOf(value).flatMap((choice) => {
    const spoken = member(choice.value, where);
    if (!isJsonObject(spoken)) return [];
    const calls = member(spoken, "tool_calls");
    const listed = isJsonArray(calls)
      ? calls.map((call, at) => ({ key: callKey(choice.index, call, at), type: callType(call) }))
      : [];
    const legacy = isJsonObject(member(spoken, "function_call"));
    return legacy ? [...listed, { key: `${choice.index}/function_call`, type: "function" }] : listed;
  });
}

/** The type of one call, which imitators of the dialect leave out. */
export function callType(call: JsonValue): string {
  if (!isJsonObject(call)) return "function";
  const type = member(call, "type");
  if (typeof type === "string") return type;
  return member(call, "custom") === undefined ? "function" : "custom";
}

function callKey(choice: number, call: JsonValue, position: number): string {
  const index = isJsonObject(call) ? member(call, "index") : undefined;
  return `${choice}/${typeof index === "number" ? index : position}`;
}

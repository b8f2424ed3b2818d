import { isJsonArray, isJsonObject, member, type JsonValue } from "../../../lib/json";
import { typeOf } from "../tool-requests";

/** What Anthropic calls a tool that the client defines and runs, whether or not its `type` is written out. */
export const CLIENT_TOOL = "custom";

/** The type of tool that a block of this type calls or answers: client tools by one name, server tools by their block's. */
export function callType(blockType: string): string {
  return blockType === "tool_use" || blockType === "tool_result" ? CLIENT_TOOL : blockType;
}

/** Whether a block asks for a tool to be run, by client or server. */
export function isCall(block: JsonValue | undefined): boolean {
  return typeOf(block)?.endsWith("tool_use") ?? false;
}

/** The types of the calls in a whole answer. */
export function callsIn(answer: JsonValue): readonly string[] {
  const content = isJsonObject(answer) ? member(answer, "content") : undefined;
  return isJsonArray(content) ? content.flatMap(callsOf) : [];
}

/** The type of the call that a block is, if it is one. */
export function callsOf(block: JsonValue | undefined): readonly string[] {
  const type = typeOf(block);
  return type !== null && isCall(block) ? [callType(type)] : [];
}

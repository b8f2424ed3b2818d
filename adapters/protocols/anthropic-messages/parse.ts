import type { JsonDocument } from "../../../lib/http/strict-json";
import { isJsonArray, member, type JsonObject, type JsonPath } from "../../../lib/json";
import type { Prompt } from "../../../lib/ports/protocol";
import { readFlag, readModel, readObjects, readSomeObjects, refuseMembers } from "../read-body-fields";
import { refuseOtherModels, refuseToolModels } from "../refuse-other-models";
import { findText } from "../text-map";
import { valueAt } from "../value-at";
import { requestText } from "./request-text";

/** Conversations that the provider holds belong to whoever began them, which nobody here could check. */
const SERVER_STATE = ["thread"];

/** Reads a messages or count_tokens request. Denials: `invalid_body` and `unsupported_parameter`, naming the field. */
export function parseMessages({ value }: JsonDocument): Prompt {
  const model = readModel(value);
  const stream = readFlag(value, "stream");
  const messages = readSomeObjects(value, "messages");
  readObjects(value, "tools");
  refuseMembers(value, SERVER_STATE);
  refuseOtherModels(value);
  messages.forEach((message, index) => refuseAddedModels(message, ["messages", index, "content"]));
  return Object.freeze({ model, stream, ...findText(requestText, value), continues: [], stored: false });
}

/** A `tool_addition` block defines a tool in the middle of a conversation. */
function refuseAddedModels(message: JsonObject, path: JsonPath): void {
  const content = member(message, "content");
  if (!isJsonArray(content)) return;
  content.forEach((block, index) => {
    refuseToolModels(valueAt(block, ["tool", "definition"]), [...path, index, "tool", "definition"]);
  });
}

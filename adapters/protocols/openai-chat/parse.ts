import type { JsonDocument } from "../../../lib/http/strict-json";
import type { Prompt } from "../../../lib/ports/protocol";
import { readFlag, readModel, readObjects, readSomeObjects } from "../read-body-fields";
import { refuseOtherModels } from "../refuse-other-models";
import { findText } from "../text-map";
import { requestText } from "./request-text";

/** Reads a chat completion request. Denials: `invalid_body` and `unsupported_parameter`, naming the field. */
export function parseChat({ value }: JsonDocument): Prompt {
  const model = readModel(value);
  const stream = readFlag(value, "stream");
  readSomeObjects(value, "messages");
  readObjects(value, "tools");
  readObjects(value, "functions");
  refuseOtherModels(value);
  return Object.freeze({ model, stream, ...findText(requestText, value), continues: [], stored: false });
}

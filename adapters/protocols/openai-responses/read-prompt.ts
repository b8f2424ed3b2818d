import type { JsonDocument } from "../../../lib/http/strict-json";
import { isJsonObject, member, type JsonObject } from "../../../lib/json";
import type { Operation, Prompt } from "../../../lib/ports/protocol";
import { invalidField, readFlag, readModel, readModelIfAny, readObjects } from "../read-body-fields";
import { refuseOtherModels, refuseToolModels } from "../refuse-other-models";
import { findText } from "../text-map";
import { bodyMap } from "./body-map";
import { listAllTools } from "./list-tools";

const LONE_SURROGATE = /\p{Surrogate}/u;
const ID_CHARACTERS = 512;

/** Throws `invalid_body` where the gate could misread the body, `unsupported_parameter` where it names a second model. */
export function readPrompt({ value: body }: JsonDocument, operation: Operation): Prompt {
  const model = operation.id === "responses.input_tokens" ? readModelIfAny(body) : readModel(body);
  const stream = readFlag(body, "stream");
  checkShape(body);
  refuseNestedModels(body);
  const { spans, opaque } = findText(bodyMap, body);
  return { model, stream, spans, opaque, continues: readContinues(body), stored: isStored(body, operation) };
}

function checkShape(body: JsonObject): void {
  readFlag(body, "background");
  readFlag(body, "store");
  readObjects(body, "tools");
  if (typeof member(body, "input") !== "string") readObjects(body, "input");
  const prompt = member(body, "prompt") ?? null;
  if (prompt !== null && !isJsonObject(prompt)) throw invalidField(["prompt"]);
}

/** Tools can stand inside namespaces and come with items of the input, and some bring a model of their own. */
function refuseNestedModels(body: JsonObject): void {
  refuseOtherModels(body);
  for (const { path, value } of listAllTools(body)) refuseToolModels(value, path);
}

/** The answers of a count or a compaction cannot be asked for again by id. `store` is true unless said otherwise. */
function isStored(body: JsonObject, operation: Operation): boolean {
  return operation.id === "responses.create" && member(body, "store") !== false;
}

function readContinues(body: JsonObject): Prompt["continues"] {
  const previous = readId(body, "previous_response_id");
  const conversation = readId(body, "conversation");
  return [
    ...(previous === null ? [] : [{ field: "previous_response_id", id: previous }]),
    ...(conversation === null ? [] : [{ field: "conversation", id: conversation }]),
  ];
}

/** An id, bare or as `{ id }`; null when there is none. */
function readId(body: JsonObject, name: string): string | null {
  const value = member(body, name) ?? null;
  if (value === null) return null;
  const id = isJsonObject(value) ? member(value, "id") : value;
  if (typeof id !== "string" || id === "" || id.length > ID_CHARACTERS || LONE_SURROGATE.test(id)) {
    throw invalidField([name]);
  }
  return id;
}

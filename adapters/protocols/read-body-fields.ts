import { Denial } from "../../lib/denial";
import { formatPath, isJsonArray, isJsonObject, member, type JsonObject, type JsonPath } from "../../lib/json";

const MODEL_CHARACTERS = 256;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** 400: the body is JSON, but not what this endpoint takes. */
export function invalidField(path: JsonPath): Denial {
  return new Denial("invalid_body", { reason: "invalid_schema", field: formatPath(path) });
}

/** 400: a member that the gate does not let pass, whatever its value. */
export function unsupportedField(path: JsonPath): Denial {
  return new Denial("unsupported_parameter", { reason: "unsupported_parameter", field: formatPath(path) });
}

/** `model`, compared byte for byte later: no trimming, no folding; a lone surrogate cannot be written in UTF-8 and is refused. */
export function readModel(body: JsonObject): string {
  const model = member(body, "model");
  if (typeof model !== "string" || model === "" || model.length > MODEL_CHARACTERS || LONE_SURROGATE.test(model)) {
    throw invalidField(["model"]);
  }
  return model;
}

/** `readModel` where the operation may leave the model out; null counts as left out. */
export function readModelIfAny(body: JsonObject): string | null {
  const model = member(body, "model");
  return model === undefined || model === null ? null : readModel(body);
}

/** A boolean member; absent and null are false, anything else is refused. */
export function readFlag(body: JsonObject, name: string): boolean {
  const flag = member(body, name);
  if (flag === undefined || flag === null) return false;
  if (typeof flag !== "boolean") throw invalidField([name]);
  return flag;
}

/** A member that is an array of objects; absent and null are the empty list. */
export function readObjects(body: JsonObject, name: string): readonly JsonObject[] {
  const list = member(body, name);
  if (list === undefined || list === null) return [];
  if (!isJsonArray(list)) throw invalidField([name]);
  return list.map((item, index) => {
    if (!isJsonObject(item)) throw invalidField([name, index]);
    return item;
  });
}

/** `readObjects` where at least one is needed: `messages`. */
export function readSomeObjects(body: JsonObject, name: string): readonly JsonObject[] {
  const objects = readObjects(body, name);
  if (objects.length === 0) throw invalidField([name]);
  return objects;
}

/** Refuses members by which a request could name a model that is not checked. A null names nothing. */
export function refuseMembers(object: JsonObject, names: readonly string[], path: JsonPath = []): void {
  for (const name of names) {
    const value = member(object, name);
    if (value !== undefined && value !== null) throw unsupportedField([...path, name]);
  }
}

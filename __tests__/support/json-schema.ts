import { isJsonArray, isJsonObject, member, type JsonObject, type JsonValue } from "../../lib/json";

type Schema = JsonObject;
type Check = (value: JsonValue, schema: Schema, rest: Schema, root: Schema, at: string) => readonly string[];

/**
 * What is wrong with a value by a JSON Schema, one line each. Knows the keywords that are in CHECKS and throws on any
 * other, so that none is passed over in silence.
 */
export function schemaFaults(value: JsonValue, schema: Schema, root: Schema = schema, at = "$"): readonly string[] {
  return Object.entries(schema).flatMap(([keyword, setting]) => {
    if (SILENT.has(keyword)) return [];
    const check = CHECKS[keyword];
    if (check === undefined) throw new Error(`The keyword ${keyword} is not known.`);
    return check(value, { setting }, schema, root, at);
  });
}

const SILENT = new Set(["$schema", "$defs", "title", "description"]);

const fault = (holds: boolean, at: string, what: string): readonly string[] => (holds ? [] : [`${at}: ${what}`]);

const CHECKS: Readonly<Record<string, Check>> = {
  type: (value, { setting }, _rest, _root, at) =>
    fault(
      [setting].flat().some((type) => isOfType(value, String(type))),
      at,
      `is not ${JSON.stringify(setting)}`,
    ),
  const: (value, { setting }, _rest, _root, at) => fault(value === setting, at, `is not ${JSON.stringify(setting)}`),
  enum: (value, { setting }, _rest, _root, at) =>
    fault((setting as readonly JsonValue[]).includes(value), at, `is not one of ${JSON.stringify(setting)}`),
  pattern: (value, { setting }, _rest, _root, at) =>
    fault(
      typeof value !== "string" || new RegExp(String(setting), "u").test(value),
      at,
      `does not match ${String(setting)}`,
    ),
  minimum: (value, { setting }, _rest, _root, at) =>
    fault(typeof value !== "number" || value >= Number(setting), at, `is below ${String(setting)}`),
  required: (value, { setting }, _rest, _root, at) =>
    (setting as readonly string[]).flatMap((name) =>
      fault(!isJsonObject(value) || Object.hasOwn(value, name), at, `lacks ${name}`),
    ),
  properties: (value, { setting }, _rest, root, at) =>
    Object.entries(setting as Schema).flatMap(([name, schema]) => {
      const inner = isJsonObject(value) ? member(value, name) : undefined;
      return inner === undefined ? [] : schemaFaults(inner, schema as Schema, root, `${at}.${name}`);
    }),
  additionalProperties: (value, { setting }, rest, root, at) =>
    Object.entries(isJsonObject(value) ? value : {}).flatMap(([name, inner]) => {
      if (isJsonObject(rest["properties"]) && Object.hasOwn(rest["properties"], name)) return [];
      if (setting === false) return [`${at}: has ${name}`];
      return schemaFaults(inner ?? null, setting as Schema, root, `${at}.${name}`);
    }),
  items: (value, { setting }, _rest, root, at) =>
    isJsonArray(value)
      ? value.flatMap((inner, index) => schemaFaults(inner, setting as Schema, root, `${at}[${index}]`))
      : [],
  anyOf: (value, { setting }, _rest, root, at) => {
    const found = (setting as readonly Schema[]).map((schema) => schemaFaults(value, schema, root, at));
    return found.some((faults) => faults.length === 0) ? [] : found.flat();
  },
  $ref: (value, { setting }, _rest, root, at) => {
    const name = String(setting).replace("#/$defs/", "");
    return schemaFaults(value, (root["$defs"] as Schema)[name] as Schema, root, at);
  },
};

function isOfType(value: JsonValue, type: string): boolean {
  if (type === "null") return value === null;
  if (type === "array") return isJsonArray(value);
  if (type === "object") return isJsonObject(value);
  if (type === "integer") return Number.isSafeInteger(value);
  return typeof value === type;
}

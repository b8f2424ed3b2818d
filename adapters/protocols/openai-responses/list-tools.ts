import { isJsonArray, isJsonObject, member, type JsonObject, type JsonPath, type JsonValue } from "../../../lib/json";

/** Something in the place of a tool definition. */
export interface ListedTool {
  readonly path: JsonPath;
  readonly value: JsonValue;
}

/** Every definition below `object.tools`, those inside namespaces too, in document order. */
export function listTools(object: JsonObject, path: JsonPath = []): readonly ListedTool[] {
  const tools = member(object, "tools");
  if (!isJsonArray(tools)) return [];
  return tools.flatMap((value, index) => {
    const listed = { path: [...path, "tools", index], value };
    return isJsonObject(value) ? [listed, ...listTools(value, listed.path)] : [listed];
  });
}

/** Every definition in a body: of the request itself, and carried by items of its input. */
export function listAllTools(body: JsonObject): readonly ListedTool[] {
  const input = member(body, "input");
  const items = isJsonArray(input) ? input : [];
  const carried = items.flatMap((item, index) => (isJsonObject(item) ? listTools(item, ["input", index]) : []));
  return [...listTools(body), ...carried];
}

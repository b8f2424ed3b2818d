import { isJsonArray, isJsonObject, member, type JsonObject, type JsonValue } from "../../lib/json";
import type { ToolRequest } from "../../lib/ports/protocol";

/** Top-level members off the closed list: what is not known to be harmless may be a tool. */
export function unknownMembers(body: JsonObject, known: ReadonlySet<string>): readonly ToolRequest[] {
  return Object.keys(body).flatMap((name) => (known.has(name) ? [] : [{ path: [name], type: null }]));
}

/** An agent brings tools of its own. */
export function agentModel(body: JsonObject): readonly ToolRequest[] {
  const model = member(body, "model");
  return typeof model === "string" && model.startsWith("agent/") ? [{ path: ["model"], type: null }] : [];
}

/** Every element of a list of tools, with its type or the one that the dialect means by leaving it out. */
export function listedTools(body: JsonObject, name: string, untyped: string): readonly ToolRequest[] {
  const tools = member(body, name);
  if (!isJsonArray(tools)) return given(tools) ? [{ path: [name], type: null }] : [];
  return tools.map((tool, index) => ({ path: [name, index], type: typeOf(tool) ?? untyped }));
}

/**
 * A choice that makes the model act: all but `none` and `auto`. It admits no tool that is not listed, so that its type is
 * that of the first tool; null without one.
 */
export function forcedChoice(body: JsonObject, name: string, tools: readonly ToolRequest[]): readonly ToolRequest[] {
  const choice = member(body, name);
  const word = typeof choice === "string" ? choice : typeOf(choice);
  if (!given(choice) || word === "none" || word === "auto") return [];
  return [{ path: [name], type: tools[0]?.type ?? null }];
}

/** Members whose presence alone is a request for a tool. */
export function presentMembers(body: JsonObject, types: Readonly<Record<string, string>>): readonly ToolRequest[] {
  return Object.entries(types).flatMap(([name, type]) => {
    const value = member(body, name);
    const empty = !given(value) || (isJsonArray(value) && value.length === 0);
    return empty ? [] : [{ path: [name], type }];
  });
}

/** The `type` of an object that has one. */
export function typeOf(value: JsonValue | undefined): string | null {
  const type = isJsonObject(value) ? member(value, "type") : undefined;
  return typeof type === "string" ? type : null;
}

function given(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null;
}

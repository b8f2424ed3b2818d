import { isJsonObject, member, type JsonObject, type JsonValue } from "../../lib/json";
import type { Usage } from "../../lib/ports/protocol";

/** Token counts under a dialect's own names; null when the value is no usage object or holds neither. */
export function readUsage(value: JsonValue | undefined, input: string, output: string): Usage | null {
  if (!isJsonObject(value)) return null;
  const usage = { inputTokens: count(value, input), outputTokens: count(value, output) };
  return usage.inputTokens === null && usage.outputTokens === null ? null : usage;
}

function count(usage: JsonObject, name: string): number | null {
  const tokens = member(usage, name);
  return typeof tokens === "number" ? tokens : null;
}

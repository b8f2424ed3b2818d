import { isJsonObject, member, type JsonPath, type JsonValue } from "../../lib/json";
import { childOf } from "./value-at";

/**
 * The name of the stream that a delta belongs to: its path, where array positions give way to the elements' own `index`,
 * since one event may carry the second choice or the third tool call alone. `skip` names steps that say nothing (`delta`).
 */
export function channelOf(root: JsonValue, path: JsonPath, skip: string): string {
  let value: JsonValue | undefined = root;
  const steps: (string | number)[] = [];
  for (const step of path) {
    value = childOf(value, step);
    if (step === skip) continue;
    steps.push(typeof step === "number" ? indexOf(value, step) : step);
  }
  return steps.join("/");
}

function indexOf(element: JsonValue | undefined, position: number): number | string {
  const index = isJsonObject(element) ? member(element, "index") : undefined;
  return typeof index === "number" || typeof index === "string" ? index : position;
}

import type { Detector } from "../ports/detector";
import type { CompiledAllowList } from "./demand";
import { normalize } from "./normalize";
import type { AllowList, CustomRule } from "./policy";

/** How a value is compared: look-alikes, case and the width of white space make no difference. */
export function comparable(value: string): string {
  return normalize(value).text.toLowerCase().replace(/\s+/g, " ").trim();
}

/** Phrases are looked for as those of a custom rule are. */
export function compileAllowList(
  { values, phrases }: AllowList,
  compile: (rule: CustomRule) => Detector,
): CompiledAllowList {
  const rule: CustomRule = { name: "allow", phrases, action: "off", on: "both" };
  return Object.freeze({
    values: new Set(values.map(comparable)),
    phrases: phrases.length === 0 ? null : compile(rule),
  });
}

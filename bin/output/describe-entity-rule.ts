import { entityRule, type DlpAction, type EntityRule } from "../../lib/dlp/policy";

/** `redact`, `redact from 0.8 in context`. */
export function describeEntityRule(setting: DlpAction | EntityRule): string {
  const { action, minScore, context } = entityRule(setting);
  const score = minScore === undefined ? "" : ` from ${minScore}`;
  return `${action}${score}${context === "required" ? " in context" : ""}`;
}

import type { Detector, Finding } from "../ports/detector";
import { MINIMUM_SCORE } from "./minimum-score";
import { entityRule, type AllowList, type ContextNeed, type DlpAction, type EntityRule } from "./policy";

/** What one layer wants done with findings of one name, and with which of them. */
export interface Demand {
  readonly action: DlpAction;
  readonly minScore: number;
  readonly context: ContextNeed;
  /** What the same layer excuses. */
  readonly allow: AllowList | null;
}

/** The same, ready to be put to findings. */
export interface CompiledDemand extends Omit<Demand, "allow"> {
  readonly allow: CompiledAllowList | null;
}

export interface CompiledAllowList {
  /** As `comparable` writes them. */
  readonly values: ReadonlySet<string>;
  /** Finds where the phrases stand; null where there are none. */
  readonly phrases: Detector | null;
}

export function demandOf(setting: DlpAction | EntityRule, allow: AllowList | undefined): Demand {
  const { action, minScore = MINIMUM_SCORE, context = "optional" } = entityRule(setting);
  return { action, minScore, context, allow: allow ?? null };
}

/** Whether a finding is sure enough, and called what it is, as far as the demand asks for that. */
export function concerns(
  { minScore, context }: Pick<Demand, "minScore" | "context">,
  finding: Pick<Finding, "score" | "context">,
): boolean {
  if (finding.score < minScore) return false;
  return context === "optional" || finding.context !== false;
}

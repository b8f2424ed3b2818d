import type { EntitledCall } from "../../lib/call";
import { demandOf } from "../../lib/dlp/demand";
import { MINIMUM_SCORE } from "../../lib/dlp/minimum-score";
import { DIRECTIONS, type Direction, type DlpAction, type DlpPolicy, type EntityRule } from "../../lib/dlp/policy";
import { describeEntityRule } from "../output/describe-entity-rule";
import { foldEntities } from "../output/fold-entities";
import { printable } from "../output/printable";
import { dlpOwners } from "./dlp-owners";

/** Of entities, and of custom rules, which are sure of what they find. */
const USUAL_SCORES: readonly number[] = [MINIMUM_SCORE, 0];

/** What one policy demands of findings of one name. Where several demand something, the strictest that applies holds. */
export interface RuleInForce extends Required<EntityRule> {
  readonly direction: Direction;
  /** The entity, or the custom rule. */
  readonly name: string;
  /** The organisation, group or model whose policy it is. */
  readonly by: string;
}

/** Everything that data loss prevention looks for in such a call and in its answer. */
export function rulesInForce({ principal, model }: EntitledCall): readonly RuleInForce[] {
  return dlpOwners(principal, model)
    .flatMap(({ name: by, dlp }) =>
      DIRECTIONS.flatMap((direction) =>
        (dlp === null ? [] : namedRules(dlp, direction)).map(([name, setting]) => {
          const { action, minScore, context } = demandOf(setting, undefined);
          return { direction, name, action, minScore, context, by };
        }),
      ),
    )
    .filter(({ action }) => action !== "off");
}

function namedRules(
  policy: DlpPolicy,
  direction: Direction,
): readonly (readonly [name: string, setting: DlpAction | EntityRule])[] {
  const custom = policy.custom.filter(({ on }) => on === "both" || on === direction);
  return [
    ...Object.entries(policy[direction]),
    ...custom.map(({ name, action }) => [name, { action, minScore: 0 }] as const),
  ];
}

/** The usual conditions go without saying. */
function describeDemand({ action, minScore, context }: Required<EntityRule>): string {
  return describeEntityRule({ action, context, ...(USUAL_SCORES.includes(minScore) ? {} : { minScore }) });
}

/** For people: a line for what one policy demands of several names. */
export function describeRules(rules: readonly RuleInForce[]): readonly string[] {
  const names = new Map<string, string[]>();
  for (const { direction, name, by, ...rule } of rules) {
    const demand = `${by} on ${direction}s: ${describeDemand(rule)}`;
    names.set(demand, [...(names.get(demand) ?? []), name]);
  }
  return [...names].map(([demand, of]) => printable(`${demand} for ${foldEntities(of)}`));
}

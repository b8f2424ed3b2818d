import type { CompiledDemand } from "../demand";
import type { EffectivePolicy } from "../engine";
import type { DlpAction } from "../policy";

/** The part of a policy that changes or stops a text. What only reports holds nothing up. */
export function interveningPolicy(policy: EffectivePolicy): EffectivePolicy {
  const actions = new Map([...policy.actions].filter(([, action]) => action !== "report"));
  const custom = policy.custom
    .filter(({ action }) => action !== "report")
    .map((rule) => ({ ...rule, demands: rule.demands.filter(intervenes) }));
  const demands = new Map(
    [...actions.keys()].map((name) => [name, (policy.demands.get(name) ?? []).filter(intervenes)]),
  );
  return Object.freeze({ ...policy, actions, demands, custom, active: actions.size + custom.length > 0 });
}

function intervenes({ action }: CompiledDemand): boolean {
  return action !== "report";
}

/** Whether a finding in a text that may not be rewritten could stop it. */
export function mayBlock(policy: EffectivePolicy): boolean {
  return actionsOf(policy).includes("block") || (policy.unrewritable === "block" && interveningPolicy(policy).active);
}

/** Whether something is only to be reported. */
export function reports(policy: EffectivePolicy): boolean {
  return actionsOf(policy).includes("report");
}

function actionsOf({ demands, custom }: EffectivePolicy): readonly DlpAction[] {
  return [...demands.values(), ...custom.map((rule) => rule.demands)].flat().map(({ action }) => action);
}

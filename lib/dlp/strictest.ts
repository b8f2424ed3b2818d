import { demandOf, type Demand } from "./demand";
import {
  DLP_ACTIONS,
  type CustomRule,
  type Direction,
  type DlpAction,
  type DlpPolicy,
  type StreamMode,
} from "./policy";

/** What all layers together demand of one direction. */
export interface CombinedPolicy {
  /** Entity → what each layer demands of its findings; `off` is left out. */
  readonly demands: Demands;
  /** The same by name of the operators' own rules. */
  readonly customDemands: Demands;
  /** Every rule of every layer, each with the strictest action that its name has anywhere; `off` is left out. */
  readonly custom: readonly CustomRule[];
  readonly uninspectable: "allow" | "block" | null;
  readonly unrewritable: "allow" | "block";
  readonly stream: StreamMode;
}

/** Each layer judges each finding for itself; the strictest of these verdicts holds. */
export type Demands = ReadonlyMap<string, readonly Demand[]>;

/** Combines organisation, groups and model; the order of layers has no say. A setting that a layer leaves out is no opinion. */
export function combineLayers(direction: Direction, layers: readonly (DlpPolicy | null)[]): CombinedPolicy {
  const present = layers.filter((layer) => layer !== null);
  const rulesOf = ({ custom }: DlpPolicy) => custom.filter((rule) => appliesTo(rule, direction));
  const customDemands = demandsByName(
    present.flatMap((layer) => rulesOf(layer).map(({ name, action }) => [name, ruleDemand(action, layer)] as const)),
  );
  return {
    demands: demandsByName(
      present.flatMap((layer) =>
        Object.entries(layer[direction]).map(([name, setting]) => [name, demandOf(setting, layer.allow)] as const),
      ),
    ),
    customDemands,
    custom: combineRules(present.flatMap(rulesOf), customDemands),
    uninspectable: blockWins(present.map((layer) => layer.uninspectable)),
    unrewritable: blockWins(present.map((layer) => layer.unrewritable)) ?? "allow",
    stream: present.some(({ stream }) => stream === "strict") ? "strict" : "hold",
  };
}

/** block > redact > tokenize > report > off. */
export function strictestAction(one: DlpAction, other: DlpAction): DlpAction {
  return DLP_ACTIONS.indexOf(one) <= DLP_ACTIONS.indexOf(other) ? one : other;
}

/** The strictest of those that count; `off` of none. */
export function strictestOf<T extends { readonly action: DlpAction }>(
  demands: readonly T[],
  counts: (demand: T) => boolean = () => true,
): DlpAction {
  let strictest: DlpAction = "off";
  for (const demand of demands) if (counts(demand)) strictest = strictestAction(demand.action, strictest);
  return strictest;
}

/** An operator's rule is sure of what it finds. */
function ruleDemand(action: DlpAction, { allow }: DlpPolicy): Demand {
  return demandOf({ action, minScore: 0 }, allow);
}

function demandsByName(named: readonly (readonly [name: string, demand: Demand])[]): Demands {
  const demands = new Map<string, Demand[]>();
  for (const [name, demand] of named) {
    if (demand.action !== "off") demands.set(name, [...(demands.get(name) ?? []), demand]);
  }
  return demands;
}

function combineRules(rules: readonly CustomRule[], demands: Demands): CustomRule[] {
  const distinct = new Map<string, CustomRule>();
  for (const rule of rules) {
    const action = strictestOf(demands.get(rule.name) ?? []);
    if (action !== "off") distinct.set(patternOf(rule), { ...rule, action });
  }
  return [...distinct.values()];
}

/** What a rule looks for, as one comparable string. */
export function patternOf(rule: CustomRule): string {
  return JSON.stringify([rule.name, rule.regex ?? null, rule.phrases ?? null, rule.literals ?? null]);
}

function appliesTo(rule: CustomRule, direction: Direction): boolean {
  return rule.on === "both" || rule.on === direction;
}

function blockWins(settings: readonly ("allow" | "block" | undefined)[]): "allow" | "block" | null {
  if (settings.includes("block")) return "block";
  return settings.includes("allow") ? "allow" : null;
}

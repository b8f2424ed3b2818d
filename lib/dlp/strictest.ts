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
  /** Entity → strictest action; `off` is left out. */
  readonly actions: ReadonlyMap<string, DlpAction>;
  /** Every rule of every layer, each with the strictest action that its name has anywhere; `off` is left out. */
  readonly custom: readonly CustomRule[];
  readonly uninspectable: "allow" | "block" | null;
  readonly unrewritable: "allow" | "block";
  readonly stream: StreamMode;
}

/** Combines organisation, groups and model; the order of layers has no say. A setting that a layer leaves out is no opinion. */
export function combineLayers(direction: Direction, layers: readonly (DlpPolicy | null)[]): CombinedPolicy {
  const present = layers.filter((layer) => layer !== null);
  return {
    actions: strictestByName(present.flatMap((layer) => Object.entries(layer[direction]))),
    custom: combineRules(present.flatMap((layer) => layer.custom.filter((rule) => appliesTo(rule, direction)))),
    uninspectable: blockWins(present.map((layer) => layer.uninspectable)),
    unrewritable: blockWins(present.map((layer) => layer.unrewritable)) ?? "allow",
    stream: present.some(({ stream }) => stream === "strict") ? "strict" : "hold",
  };
}

/** block > redact > tokenize > report > off. */
export function strictestAction(one: DlpAction, other: DlpAction): DlpAction {
  return DLP_ACTIONS.indexOf(one) <= DLP_ACTIONS.indexOf(other) ? one : other;
}

function strictestByName(named: readonly (readonly [name: string, action: DlpAction])[]): Map<string, DlpAction> {
  const strictest = new Map<string, DlpAction>();
  for (const [name, action] of named) strictest.set(name, strictestAction(action, strictest.get(name) ?? "off"));
  return new Map([...strictest].filter(([, action]) => action !== "off"));
}

function combineRules(rules: readonly CustomRule[]): CustomRule[] {
  const actions = strictestByName(rules.map((rule) => [rule.name, rule.action]));
  const distinct = new Map<string, CustomRule>();
  for (const rule of rules) {
    const action = actions.get(rule.name);
    if (action !== undefined) distinct.set(patternOf(rule), { ...rule, action });
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

import { Denial } from "../denial";
import type { Detector } from "../ports/detector";
import { compileAllowList } from "./allow-list";
import type { CompiledDemand, Demand } from "./demand";
import type { CompiledRule, EffectivePolicy } from "./engine";
import type { CustomRule, Direction, DlpAction, DlpPolicy } from "./policy";
import { combineLayers, patternOf, strictestOf, type CombinedPolicy, type Demands } from "./strictest";

export type PolicyResolver = (direction: Direction, layers: readonly (DlpPolicy | null)[]) => EffectivePolicy;

type Compile = (rule: CustomRule) => Detector;

/** Apart, since what was found by a detector is remembered by the detector: phrases that excuse are looked for otherwise. */
interface Compilers {
  readonly rule: Compile;
  readonly phrases: Compile;
}

/** A path of layer objects; dropped with them, so that a changed policy leaves nothing behind. */
interface MemoNode {
  policy?: EffectivePolicy;
  readonly next: WeakMap<DlpPolicy, MemoNode>;
}

/** How many compiled rules are kept across re-reads of the same policy. */
const RULE_MEMO_LIMIT = 1_000;

/** Combines and compiles policies once per set of layers; rules once per pattern. */
export function createPolicyResolver(
  entities: ReadonlySet<string>,
  compileCustomRule: (rule: CustomRule) => Detector,
): PolicyResolver {
  const roots: Record<Direction, MemoNode> = { request: newNode(), response: newNode() };
  const compilers = { rule: memoisedByPattern(compileCustomRule), phrases: memoisedByPattern(compileCustomRule) };
  return (direction, layers) => {
    const node = layers.reduce((at, layer) => (layer === null ? at : follow(at, layer)), roots[direction]);
    return (node.policy ??= effective(direction, combineLayers(direction, layers), entities, compilers));
  };
}

function newNode(): MemoNode {
  return { next: new WeakMap() };
}

function follow(node: MemoNode, layer: DlpPolicy): MemoNode {
  const known = node.next.get(layer);
  if (known !== undefined) return known;
  const made = newNode();
  node.next.set(layer, made);
  return made;
}

function memoisedByPattern(compileCustomRule: Compile): Compile {
  const compiled = new Map<string, Detector>();
  return (rule) => {
    const pattern = patternOf(rule);
    const known = compiled.get(pattern);
    if (known !== undefined) return known;
    if (compiled.size >= RULE_MEMO_LIMIT) compiled.clear();
    const detector = compileCustomRule(rule);
    compiled.set(pattern, detector);
    return detector;
  };
}

function effective(
  direction: Direction,
  combined: CombinedPolicy,
  entities: ReadonlySet<string>,
  compilers: Compilers,
): EffectivePolicy {
  const actions = new Map([...combined.demands].map(([entity, demands]) => [entity, strictestOf(demands)]));
  requireDetectors(actions, entities);
  const custom = combined.custom.map((rule) => compileRule(rule, combined.customDemands, compilers));
  const all = [...actions.values(), ...custom.map((rule) => rule.action)];
  const blocksParts = combined.uninspectable === "block";
  return Object.freeze({
    direction,
    active: all.length > 0 || blocksParts,
    intervenes: all.some(isIntervention) || blocksParts,
    actions,
    demands: new Map([...combined.demands].map(([entity, demands]) => [entity, compileDemands(demands, compilers)])),
    custom: Object.freeze(custom),
    uninspectable: combined.uninspectable,
    unrewritable: combined.unrewritable,
    stream: combined.stream,
  });
}

/** A policy that must stop or change what nothing can find would let it all pass unseen. */
function requireDetectors(actions: ReadonlyMap<string, DlpAction>, entities: ReadonlySet<string>): void {
  for (const [entity, action] of actions) {
    if (!isIntervention(action) || entities.has(entity)) continue;
    throw new Denial("dlp_unavailable", { reason: "dlp_unavailable", detail: `no detector finds ${entity}` });
  }
}

function compileRule(rule: CustomRule, demands: Demands, compilers: Compilers): CompiledRule {
  const { name, action } = rule;
  try {
    return Object.freeze({
      ...{ name, action, detector: compilers.rule(rule) },
      demands: compileDemands(demands.get(name) ?? [], compilers),
    });
  } catch (cause) {
    const detail = `the custom rule ${name} cannot be compiled`;
    throw new Denial("dlp_unavailable", { reason: "dlp_unavailable", detail, cause });
  }
}

function compileDemands(demands: readonly Demand[], { phrases }: Compilers): readonly CompiledDemand[] {
  return demands.map(({ allow, ...demand }) =>
    Object.freeze({ ...demand, allow: allow === null ? null : compileAllowList(allow, phrases) }),
  );
}

function isIntervention(action: DlpAction): boolean {
  return action !== "off" && action !== "report";
}

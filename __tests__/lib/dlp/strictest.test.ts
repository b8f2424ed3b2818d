import fc from "fast-check";
import { DLP_ACTIONS, type DlpAction, type DlpPolicy, type EntityRule } from "../../../lib/dlp/policy";
import { combineLayers, strictestAction } from "../../../lib/dlp/strictest";
import { compileCustomRule } from "../../../adapters/detectors/custom-rules";
import { createDlpEngine } from "../../../lib/dlp/create-engine";
import type { Finding } from "../../../lib/ports/detector";
import { living, policyOf, ruleOf, spanOf } from "../../support/dlp";

const action = fc.constantFrom(...DLP_ACTIONS);
const entity = fc.constantFrom("EMAIL_ADDRESS", "CREDIT_CARD", "__proto__", "constructor");
const rule: fc.Arbitrary<EntityRule> = fc
  .record({
    action,
    minScore: fc.constantFrom(undefined, 0, 0.3, 0.5, 0.9, 1),
    context: fc.constantFrom(undefined, "required", "optional"),
  })
  .map(({ minScore, context, ...rest }) => ({
    ...rest,
    ...(minScore !== undefined && { minScore }),
    ...(context && { context }),
  }));
const setting = fc.constantFrom("allow", "block", undefined);
const allow = fc.constantFrom(
  undefined,
  { values: ["Value"], phrases: [] },
  { values: [], phrases: ["a value here"] },
  { values: ["other"], phrases: ["value elsewhere"] },
);
const layer = fc
  .record({
    request: fc.dictionary(entity, fc.oneof(action, rule)),
    ...{ allow, uninspectable: setting, unrewritable: setting },
  })
  .map(({ request, allow: allowed, uninspectable, unrewritable }) =>
    policyOf({
      request,
      ...(allowed && { allow: allowed }),
      ...(uninspectable && { uninspectable }),
      ...(unrewritable && { unrewritable }),
    }),
  );
const layers = fc.array(fc.option(layer), { maxLength: 5 });

/** What was found in `TEXT`, of the word "value" each time. */
const finding = fc.record({
  entity,
  score: fc.constantFrom(0, 0.29, 0.3, 0.5, 0.89, 0.9, 1),
  context: fc.option(fc.boolean()),
});
type Found = typeof finding extends fc.Arbitrary<infer T> ? T : never;
const TEXT = "it is a value here";
const PLACE = { start: TEXT.indexOf("value"), end: TEXT.indexOf("value") + 5 };

let found: Finding;
const engine = createDlpEngine({
  detectors: [
    {
      name: "under-test",
      entities: ["EMAIL_ADDRESS", "CREDIT_CARD", "__proto__", "constructor"],
      detect: () => [found],
    },
  ],
  compileCustomRule,
  monotonic: () => performance.now(),
});

/** What the policies make of a finding, by the engine. */
async function verdictOn({ entity: name, score, context }: Found, policies: readonly (DlpPolicy | null)[]) {
  found = { entity: name, rule: name, score, ...PLACE, ...(context === null ? null : { context }) };
  const inspection = await engine.inspect([spanOf(TEXT)], [], engine.policyFor("request", policies), living());
  return inspection.findings[0]?.action ?? "off";
}

/** The same said as plainly as can be: each layer for itself, then the strictest. */
function expectedVerdict({ entity: name, score, context }: Found, policies: readonly (DlpPolicy | null)[]): DlpAction {
  const verdicts = policies.map((policy) => {
    const given = policy !== null && Object.hasOwn(policy.request, name) ? policy.request[name] : undefined;
    if (policy === null || given === undefined) return "off";
    const own: EntityRule = typeof given === "string" ? { action: given } : given;
    if (score < (own.minScore ?? 0.5)) return "off";
    if (own.context === "required" && context === false) return "off";
    if (policy.allow?.values.includes("Value") || policy.allow?.phrases.includes("a value here")) return "off";
    return own.action;
  });
  return DLP_ACTIONS.find((strict) => verdicts.includes(strict)) ?? "off";
}

const settingsOf = (policies: readonly (DlpPolicy | null)[]) => {
  const { uninspectable, unrewritable, stream } = combineLayers("request", policies);
  return { uninspectable, unrewritable, stream };
};

test("block is stricter than redact, tokenize, report and off, in this order", () => {
  const order: DlpAction[] = ["block", "redact", "tokenize", "report", "off"];
  for (const [index, stricter] of order.entries()) {
    for (const looser of order.slice(index)) {
      expect([strictestAction(stricter, looser), strictestAction(looser, stricter)]).toEqual([stricter, stricter]);
    }
  }
});

test("each layer judges each finding by its own score, context and allow-list, and the strictest verdict holds", () =>
  fc.assert(
    fc.asyncProperty(finding, layers, async (given, policies) => {
      expect(await verdictOn(given, policies)).toBe(expectedVerdict(given, policies));
    }),
    { numRuns: 500 },
  ));

test("the order of layers and their repetition have no say", () =>
  fc.assert(
    fc.asyncProperty(finding, layers, async (given, policies) => {
      const verdict = await verdictOn(given, policies);
      expect(await verdictOn(given, [...policies].reverse())).toBe(verdict);
      expect(await verdictOn(given, [...policies, ...policies])).toBe(verdict);
      expect(settingsOf([...policies].reverse())).toEqual(settingsOf(policies));
      expect(settingsOf([...policies, ...policies])).toEqual(settingsOf(policies));
    }),
  ));

test("another layer never loosens anything, whatever it allows", () =>
  fc.assert(
    fc.asyncProperty(finding, layers, layer, async (given, policies, more) => {
      const before = await verdictOn(given, policies);
      const after = await verdictOn(given, [...policies, more]);
      expect(strictestAction(after, before)).toBe(after);
      const [settings, tighter] = [settingsOf(policies), settingsOf([...policies, more])];
      if (settings.uninspectable === "block") expect(tighter.uninspectable).toBe("block");
      if (settings.unrewritable === "block") expect(tighter.unrewritable).toBe("block");
    }),
  ));

describe("rules of the operators' own", () => {
  test("of all layers apply, those of one name with the strictest action", () => {
    const organization = policyOf({ custom: [ruleOf({ name: "A", literals: ["x"], action: "report" })] });
    const group = policyOf({ custom: [ruleOf({ name: "A", literals: ["y"], action: "block" })] });
    const model = policyOf({ custom: [ruleOf({ name: "B", literals: ["z"], action: "redact" })] });
    const rules = combineLayers("request", [organization, null, group, model]).custom;
    expect(rules.map(({ name, literals, action: strict }) => [name, literals, strict])).toEqual([
      ["A", ["x"], "block"],
      ["A", ["y"], "block"],
      ["B", ["z"], "redact"],
    ]);
  });

  test("apply in their direction only, and not at all when off", () => {
    const policy = policyOf({
      custom: [
        ruleOf({ name: "IN", literals: ["x"], on: "request" }),
        ruleOf({ name: "OUT", literals: ["x"], on: "response" }),
        ruleOf({ name: "OFF", literals: ["x"], action: "off" }),
      ],
    });
    expect(combineLayers("request", [policy]).custom.map(({ name }) => name)).toEqual(["IN"]);
    expect(combineLayers("response", [policy]).custom.map(({ name }) => name)).toEqual(["OUT"]);
  });
});

import fc from "fast-check";
import { DLP_ACTIONS, type DlpAction, type DlpPolicy } from "../../../lib/dlp/policy";
import { combineLayers, strictestAction } from "../../../lib/dlp/strictest";
import { policyOf, ruleOf } from "../../support/dlp";

const action = fc.constantFrom(...DLP_ACTIONS);
const entity = fc.constantFrom("EMAIL_ADDRESS", "CREDIT_CARD", "__proto__", "constructor");
const setting = fc.constantFrom("allow", "block", undefined);
const layer = fc
  .record({ request: fc.dictionary(entity, action), uninspectable: setting, unrewritable: setting })
  .map(({ request, uninspectable, unrewritable }) =>
    policyOf({ request, ...(uninspectable && { uninspectable }), ...(unrewritable && { unrewritable }) }),
  );
const layers = fc.array(fc.option(layer), { maxLength: 5 });

const plain = (policies: readonly (DlpPolicy | null)[]) => {
  const { actions, custom, ...settings } = combineLayers("request", policies);
  return { ...settings, custom, actions: Object.fromEntries([...actions].sort()) };
};

test("block is stricter than redact, tokenize, report and off, in this order", () => {
  const order: DlpAction[] = ["block", "redact", "tokenize", "report", "off"];
  for (const [index, stricter] of order.entries()) {
    for (const looser of order.slice(index)) {
      expect([strictestAction(stricter, looser), strictestAction(looser, stricter)]).toEqual([stricter, stricter]);
    }
  }
});

test("the order of layers and their repetition have no say", () => {
  fc.assert(
    fc.property(layers, (policies) => {
      expect(plain([...policies].reverse())).toEqual(plain(policies));
      expect(plain([...policies, ...policies])).toEqual(plain(policies));
    }),
  );
});

test("another layer never loosens anything", () => {
  fc.assert(
    fc.property(layers, layer, (policies, more) => {
      const before = combineLayers("request", policies);
      const after = combineLayers("request", [...policies, more]);
      for (const [name, strict] of before.actions) {
        expect(strictestAction(after.actions.get(name) ?? "off", strict)).toBe(after.actions.get(name));
      }
      if (before.uninspectable === "block") expect(after.uninspectable).toBe("block");
      if (before.unrewritable === "block") expect(after.unrewritable).toBe("block");
    }),
  );
});

test("each entity has the strictest action that any layer gives it", () => {
  fc.assert(
    fc.property(layers, entity, (policies, name) => {
      const given = policies.flatMap((policy) =>
        policy !== null && Object.hasOwn(policy.request, name) ? [policy.request[name] ?? "off"] : [],
      );
      const expected = DLP_ACTIONS.find((candidate) => given.includes(candidate)) ?? "off";
      expect(combineLayers("request", policies).actions.get(name) ?? "off").toBe(expected);
    }),
  );
});

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

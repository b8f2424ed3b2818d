import fc from "fast-check";
import { combineGrants, createGrants, type ModelDecision } from "../../../lib/policy/combine-grants";
import type { CatalogueModel, Group } from "../../../lib/policy/domain";
import { group, groupOf, groups, model, modelOf, userOf } from "../../support/arbitrary-policy";

const user = userOf("user");
const administrator = userOf("administrator");

/** The contract's sentence, word by word. */
function naiveDecision(all: readonly Group[], { id, provider }: CatalogueModel): ModelDecision {
  const listed = (list: readonly string[]) =>
    list.some((item) => item === id || (item.at(-1) === "*" && id.indexOf(item.slice(0, -1)) === 0));
  for (const one of all) {
    const given = listed(one.models) || one.providers.indexOf(provider) >= 0;
    const taken = listed(one.denyModels) || one.denyProviders.indexOf(provider) >= 0;
    if (given && !taken) return "granted";
  }
  return all.some((one) => one.denyProviders.indexOf(provider) >= 0) ? "provider_denied" : "model_denied";
}

describe("what a user may use", () => {
  it("is what a naive reading of the contract says, for any groups and any model", () => {
    fc.assert(
      fc.property(groups, fc.array(model, { minLength: 1, maxLength: 6 }), (all, models) => {
        const grant = combineGrants({ user, groups: all });
        for (const one of models) expect(grant.decide(one)).toBe(naiveDecision(all, one));
      }),
      { numRuns: 1_000 },
    );
  });

  it("never shrinks when a group is added, in whatever order groups come", () => {
    fc.assert(
      fc.property(groups, group, model, (all, added, one) => {
        const before = combineGrants({ user, groups: all });
        const after = combineGrants({ user, groups: [added, ...all] });
        const reversed = combineGrants({ user, groups: [added, ...all].reverse() });
        if (before.decide(one) === "granted") expect(after.decide(one)).toBe("granted");
        if (before.apiKeyAccess) expect(after.apiKeyAccess).toBe(true);
        if (all.length > 0 && !before.askModeOnly) expect(after.askModeOnly).toBe(false);
        expect(reversed.decide(one)).toBe(after.decide(one));
      }),
      { numRuns: 500 },
    );
  });

  it("is not taken away by another group's deny list", () => {
    const engineers = groupOf({ models: ["gpt-*"], denyModels: ["gpt-5-pro*"] });
    const research = groupOf({ providers: ["openai"] });
    const denied = modelOf("gpt-5-pro-max");
    expect(combineGrants({ user, groups: [engineers] }).decide(denied)).toBe("model_denied");
    expect(combineGrants({ user, groups: [engineers, research] }).decide(denied)).toBe("granted");
  });

  it("tells a denied provider from a denied model, for the record", () => {
    const walled = groupOf({ models: ["*"], denyProviders: ["openai"] });
    expect(combineGrants({ user, groups: [walled] }).decide(modelOf("gpt-4o"))).toBe("provider_denied");
    expect(combineGrants({ user, groups: [groupOf({})] }).decide(modelOf("gpt-4o"))).toBe("model_denied");
  });

  it("is nothing without a group", () => {
    const grant = combineGrants({ user, groups: [] });
    expect(grant.decide(modelOf("gpt-4o"))).toBe("model_denied");
    expect(grant).toMatchObject({ apiKeyAccess: false, askModeOnly: false });
  });

  it("needs key access in one group only", () => {
    const without = groupOf({ personalApiKeyAccess: false });
    expect(combineGrants({ user, groups: [without, without] }).apiKeyAccess).toBe(false);
    expect(combineGrants({ user, groups: [without, without, groupOf({}), without] }).apiKeyAccess).toBe(true);
  });
});

describe("Ask Mode", () => {
  const asking = groupOf({ askModeOnly: true });
  const acting = groupOf({ askModeOnly: false });

  it.each([
    ["every-group", [asking], true],
    ["every-group", [asking, acting], false],
    ["every-group", [], false],
    ["any-group", [asking, acting], true],
    ["any-group", [acting], false],
    ["any-group", [], false],
  ] as const)("with %s over %j", (resolution, all, expected) => {
    expect(combineGrants({ user, groups: all }, resolution).askModeOnly).toBe(expected);
    expect(combineGrants({ user: administrator, groups: all }, resolution).askModeOnly).toBe(false);
  });

  it("takes every group by default", () => {
    expect(combineGrants({ user, groups: [asking, acting] }).askModeOnly).toBe(false);
    expect(createGrants()({ user, groups: [asking, acting] }).askModeOnly).toBe(false);
    expect(createGrants("any-group")({ user, groups: [asking, acting] }).askModeOnly).toBe(true);
  });
});

describe("an administrator", () => {
  it("is exempt from every group restriction", () => {
    fc.assert(
      fc.property(groups, model, (all, one) => {
        const grant = combineGrants({ user: administrator, groups: all }, "any-group");
        expect([grant.apiKeyAccess, grant.askModeOnly, grant.decide(one)]).toEqual([true, false, "granted"]);
      }),
    );
  });
});

describe("a grant", () => {
  it("is computed once per snapshot, and afresh for the next one", () => {
    const grantOf = createGrants();
    const snapshot = { user, groups: [groupOf({ models: ["*"] })] };
    expect(grantOf(snapshot)).toBe(grantOf(snapshot));
    expect(grantOf({ ...snapshot })).not.toBe(grantOf(snapshot));
    expect(Object.isFrozen(grantOf(snapshot))).toBe(true);
  });
});

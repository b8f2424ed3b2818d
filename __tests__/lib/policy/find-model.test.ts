import fc from "fast-check";
import { Denial } from "../../../lib/denial";
import { publicError } from "../../../lib/http/public-error";
import { combineGrants } from "../../../lib/policy/combine-grants";
import type { Grant } from "../../../lib/policy/combine-grants";
import type { Catalogue } from "../../../lib/policy/domain";
import { resolveModel, visibleModel, visibleModels } from "../../../lib/policy/find-model";
import { NAMES, catalogue, catalogueOf, groupOf, groups, modelOf, userOf } from "../../support/arbitrary-policy";

const user = userOf("user");

function refusalOf(models: Catalogue, grant: Grant, id: string): Denial {
  try {
    resolveModel(models, grant, id);
  } catch (thrown) {
    if (thrown instanceof Denial) return thrown;
  }
  throw new Error("it was not refused");
}

describe("a model that a request names", () => {
  const models = catalogueOf([
    modelOf("gpt-4o"),
    modelOf("old-model", "openai", false),
    modelOf("claude", "anthropic"),
    modelOf("agent/one"),
    modelOf("agent/off", "openai", false),
  ]);
  const grant = combineGrants({
    user,
    groups: [groupOf({ models: ["gpt-*", "old-*"], denyProviders: ["anthropic"] })],
  });
  const everything = combineGrants({ user: userOf("administrator"), groups: [] });

  it("is the catalogue's entry when it is granted", () => {
    expect(resolveModel(models, grant, "gpt-4o")).toBe(models.models.get("gpt-4o"));
  });

  it.each([
    ["nope", "model_not_found", "model_unknown"],
    ["old-model", "model_not_found", "model_disabled"],
    ["claude", "model_access_denied", "provider_denied"],
    ["agent/one", "model_not_found", "model_denied"],
    ["agent/off", "model_not_found", "model_disabled"],
    ["agent/none", "model_not_found", "model_unknown"],
    ["__proto__", "model_not_found", "model_unknown"],
    ["constructor", "model_not_found", "model_unknown"],
    ["GPT-4o", "model_not_found", "model_unknown"],
    ["gpt-4o\nx", "model_not_found", "model_unknown"],
    ["gpt‑4o", "model_not_found", "model_unknown"],
    ["", "model_not_found", "model_unknown"],
  ])("%j is refused with %s, on record as %s", (id, code, reason) => {
    expect(refusalOf(models, grant, id)).toMatchObject({ code, reason, field: id });
  });

  it("cannot be beyond the organisation's ceiling, for an administrator either", () => {
    expect(refusalOf(models, everything, "old-model")).toMatchObject({ code: "model_not_found" });
    expect(refusalOf(models, everything, "nope")).toMatchObject({ code: "model_not_found" });
    expect(resolveModel(models, everything, "claude").id).toBe("claude");
  });

  it("gives nothing away about agents: unknown, disabled and not granted look the same", () => {
    const shown = ["agent/one", "agent/off", "agent/non"].map((id) => {
      const error = publicError(refusalOf(models, grant, id));
      return { ...error, message: error.message.replace(id, "ID"), field: null };
    });
    expect(shown[1]).toEqual(shown[0]);
    expect(shown[2]).toEqual(shown[0]);
  });
});

describe("the list of models", () => {
  it("holds exactly what a request may name, for any policy", () => {
    fc.assert(
      fc.property(catalogue, groups, fc.constantFrom("user", "administrator"), (models, all, role) => {
        const grant = combineGrants({ user: userOf(role), groups: all });
        const listed = new Set(visibleModels(models, grant));
        for (const id of NAMES) {
          const shown = visibleModel(models, grant, id);
          expect(shown !== null && listed.has(shown)).toBe(shown !== null);
          if (shown === null) expect(refusalOf(models, grant, id)).toBeInstanceOf(Denial);
          else expect(resolveModel(models, grant, id)).toBe(shown);
        }
        expect([...listed].every((one) => one.enabled && visibleModel(models, grant, one.id) === one)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

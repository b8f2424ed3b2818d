import fc from "fast-check";
import { compileModelPatterns, compileNames } from "../../../lib/policy/match-model";
import { NAMES } from "../../support/arbitrary-policy";

/** The rule, written as slowly and plainly as possible. */
function naiveMatch(pattern: string, id: string): boolean {
  const wild = pattern[pattern.length - 1] === "*";
  const fixed = wild ? pattern.substring(0, pattern.length - 1) : pattern;
  if (wild ? id.length < fixed.length : id.length !== fixed.length) return false;
  for (let at = 0; at < fixed.length; at++) if (fixed.charCodeAt(at) !== id.charCodeAt(at)) return false;
  return true;
}

describe("a model pattern", () => {
  it.each([
    ["gpt-4o", "gpt-4o", true],
    ["gpt-4o", "GPT-4o", false],
    ["gpt-4o", "gpt-4o ", false],
    ["gpt-4o", "gpt-4o\n", false],
    ["gpt-*", "gpt-", true],
    ["gpt-*", "gpt-../../x", true],
    ["gpt-*", "xgpt-4o", false],
    ["*", "", true],
    ["*", "anything\nat all", true],
    ["gpt.4", "gptx4", false],
    ["a+b", "aab", false],
    ["a*b", "axb", false],
    ["a*b", "a*b", true],
    ["a**", "a*b", true],
    ["a**", "ab", false],
    [".*", "gpt-4o", false],
    ["(?:*", "(?:x", true],
    ["é", "e\u0301", false],
    ["", "gpt-4o", false],
  ])("%j against %j: %s", (pattern, id, expected) => {
    expect(compileModelPatterns([pattern])(id)).toBe(expected);
  });

  it("says what a naive reading of the rule says, for any patterns and any id", () => {
    const text = fc.oneof(fc.constantFrom(...NAMES, "*"), fc.string({ unit: "binary", maxLength: 6 }));
    const pattern = fc.tuple(text, fc.constantFrom("", "*")).map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 5 }), text, fc.nat(6), (patterns, id, cut) => {
        const near = (patterns[0] ?? id).slice(0, cut) + id;
        for (const candidate of [id, near, ...patterns]) {
          const expected = patterns.some((one) => naiveMatch(one, candidate));
          expect(compileModelPatterns(patterns)(candidate)).toBe(expected);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("matches nothing when the list is empty", () => {
    expect(NAMES.some(compileModelPatterns([]))).toBe(false);
    expect(NAMES.some(compileNames([]))).toBe(false);
  });
});

describe("a provider name", () => {
  it("is matched exactly: a star is a star", () => {
    const listed = compileNames(["open*", "*"]);
    expect(["openai", "open*", "*", "", "toString"].map(listed)).toEqual([false, true, true, false, false]);
  });
});

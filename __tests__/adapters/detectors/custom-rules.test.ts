import { compileCustomRule } from "../../../adapters/detectors/custom-rules";
import { compileRegex } from "../../../adapters/detectors/custom-rules/regex-search";
import { detectorCases } from "../../../lib/conformance";
import { ConfigurationError } from "../../../lib/denial";
import { found, living, ruleOf } from "../../support/dlp";

describe.each([
  {
    rule: ruleOf({ name: "PROJECT", regex: "PRJ-[0-9]{6}" }),
    samples: {
      found: [{ text: "see PRJ-123456.", entity: "PROJECT", start: 4, end: 14 }],
      clean: ["prj-123456", "PRJ-12345"],
    },
  },
  {
    rule: ruleOf({ name: "CODENAME", phrases: ["Blue Heron"] }),
    samples: {
      found: [{ text: "the BLUE  heron flies", entity: "CODENAME", start: 4, end: 15 }],
      clean: ["blue herons", "sublue heron", "blueheron", "blue, heron"],
    },
  },
  {
    rule: ruleOf({ name: "HOST", literals: ["db.internal"] }),
    samples: { found: [{ text: "at db.internal:1", entity: "HOST", start: 3, end: 14 }], clean: ["DB.INTERNAL"] },
  },
])("a custom rule named $rule.name", ({ rule, samples }) => {
  for (const { name, run } of detectorCases(() => compileCustomRule(rule), samples)) test(name, run);
});

describe("phrases", () => {
  test.each([
    ["İstanbul Büro", "in İSTANBUL\n BÜRO!", "İSTANBUL\n BÜRO"],
    ["ΟΔΟΣ", "η οδός οδοσ", "οδοσ"],
    ["C++ (draft)", "my c++ (DRAFT)x", "c++ (DRAFT)"],
    ["C++ (draft)", "my objc++ (DRAFT)", ""],
    ["a.b", "axb a.b", "a.b"],
    ["$1", "cost $1 and $10", "$1"],
  ])("%j in %j", async (phrase, text, expected) => {
    const detector = compileCustomRule(ruleOf({ name: "P", phrases: [phrase] }));
    expect(await found(detector, text)).toEqual(expected === "" ? [] : [expected]);
  });
});

test("a literal is matched as written, special characters included", async () => {
  const detector = compileCustomRule(ruleOf({ name: "L", literals: ["a.b", "[x]"] }));
  expect(await found(detector, "axb a.b [x] x")).toEqual(["a.b", "[x]"]);
});

describe("a regex", () => {
  test("is found in every window of a long text, and across their edges", async () => {
    const detector = compileCustomRule(ruleOf({ name: "R", regex: "PRJ-[0-9]{6}" }));
    const step = 1_021;
    const text = Array.from({ length: 100 }, (_, index) => `PRJ-${100_000 + index}`.padEnd(step, ".")).join("");
    const findings = await detector.detect(text, living());
    expect(findings.map(({ start }) => start)).toEqual(Array.from({ length: 100 }, (_, index) => index * step));
  });

  test("sees the start of the text once, and word edges everywhere", async () => {
    const filler = "-".repeat(40_000);
    const text = `foo${filler} foo xfoo`;
    expect(await compileCustomRule(ruleOf({ name: "R", regex: "^foo" })).detect(text, living())).toHaveLength(1);
    expect(await compileCustomRule(ruleOf({ name: "R", regex: "\\bfoo" })).detect(text, living())).toHaveLength(2);
  });

  test("is found whole where it is longer than a window", async () => {
    const detector = compileCustomRule(ruleOf({ name: "R", regex: "x+" }));
    const findings = await detector.detect(`-${"x".repeat(100_000)}-`, living());
    expect(findings.map(({ start, end }) => [start, end])).toEqual([[1, 100_001]]);
  });

  test.each([
    ["(a", "missing closing )"],
    ["(?=a)", "no look-around or back-references"],
    ["(a)\\1", "no look-around or back-references"],
    ["a*", "matches the empty text"],
    ["\\p{L}{1000}\\p{N}{1000}x{20}", "too large"],
    ["a".repeat(1_001), "longer than 1000 characters"],
  ])("that cannot be used is refused with a reason: %s", (pattern, reason) => {
    expect(() => compileRegex(pattern)).toThrow(ConfigurationError);
    expect(() => compileRegex(pattern)).toThrow(reason);
  });

  test("that a backtracking engine would not survive ends", async () => {
    const detector = compileCustomRule(ruleOf({ name: "R", regex: "(a+)+$" }));
    expect(await detector.detect(`${"a".repeat(50_000)}!`, living())).toEqual([]);
  });

  test("stops when its time is up", async () => {
    const detector = compileCustomRule(ruleOf({ name: "R", regex: "a(.*b)?" }));
    const controller = new AbortController();
    const searching = detector.detect("a".repeat(1_000_000), controller.signal);
    setTimeout(() => controller.abort(), 20);
    await expect(searching).rejects.toThrow();
  });
});

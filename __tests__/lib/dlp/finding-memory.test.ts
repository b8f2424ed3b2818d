import { createFindingMemory } from "../../../lib/dlp/finding-memory";
import type { Detector } from "../../../lib/ports/detector";
import { textDigest } from "../../../lib/text-digest";
import { engineOf, living, policyOf, ruleOf, spanOf } from "../../support/dlp";

/** Finds `x`, and tells the texts it was asked about. */
function counting(): Detector & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    name: "counting",
    entities: ["X", "WEAK"],
    asked,
    detect(text) {
      asked.push(text);
      const places = [...text.matchAll(/x/g)].map(({ index }) => ({ rule: "X", start: index, end: index + 1 }));
      return places.flatMap((place) => [
        { ...place, entity: "X", score: 1 },
        { ...place, entity: "WEAK", score: 0.49 },
      ]);
    },
  };
}

const policy = policyOf({ request: { X: "redact" } });

async function redacted(engine: ReturnType<typeof engineOf>, text: string, layer = policy): Promise<string> {
  const { edits } = await engine.inspect([spanOf(text)], [], engine.policyFor("request", [layer]), living());
  return edits[0]?.text ?? text;
}

describe("a text that comes again", () => {
  test("is not read again, and is redacted as before, look-alikes included", async () => {
    const detector = counting();
    const engine = engineOf({ detectors: [detector], digest: textDigest });
    const text = "a\u200bb x \uff58";
    const first = await redacted(engine, text);
    expect(first).toBe("a\u200bb [X] [X]");
    expect(await redacted(engine, text)).toBe(first);
    expect(detector.asked).toHaveLength(1);
  });

  test("is read again where it differs in one unit, a lone surrogate included", async () => {
    const detector = counting();
    const engine = engineOf({ detectors: [detector], digest: textDigest });
    for (const text of ["x", "x ", "x\ud800", "x\udc00", "x\ufffd"]) await redacted(engine, text);
    expect(detector.asked).toHaveLength(5);
  });

  test("obeys the policy of the moment", async () => {
    const engine = engineOf({ detectors: [counting()], digest: textDigest });
    expect(await redacted(engine, "x")).toBe("[X]");
    expect(await redacted(engine, "x", policyOf({ request: { X: "report" } }))).toBe("x");
    const named = policyOf({ custom: [ruleOf({ name: "WORD", literals: ["x"] })] });
    expect(await redacted(engine, "x", named)).toBe("[WORD]");
    expect(await redacted(engine, "x", policyOf({ custom: [ruleOf({ name: "WORD", literals: ["y"] })] }))).toBe("x");
  });

  test("is read every time by an engine without a digest, and by one whose detector fails", async () => {
    const detector = counting();
    const engine = engineOf({ detectors: [detector] });
    await redacted(engine, "x");
    await redacted(engine, "x");
    expect(detector.asked).toHaveLength(2);
    let calls = 0;
    const failing: Detector = { ...counting(), detect: () => ((calls += 1), Promise.reject(new Error("down"))) };
    const broken = engineOf({ detectors: [failing], digest: textDigest });
    await expect(redacted(broken, "x")).rejects.toThrow();
    await expect(redacted(broken, "x")).rejects.toThrow();
    expect(calls).toBe(2);
  });
});

test("what scores less than the minimum is not acted on", async () => {
  const engine = engineOf({ detectors: [counting()] });
  expect(await redacted(engine, "x", policyOf({ request: { WEAK: "redact" } }))).toBe("x");
});

test("the memory keeps within its bound and forgets what was not asked for longest", () => {
  const detector = counting();
  const memory = createFindingMemory({ digest: (text) => text, maxBytes: 2_000 });
  for (const text of ["one", "two", "three", "four", "five", "six"]) memory.of(text).set(detector, []);
  expect(memory.of("one").get(detector)).toBeUndefined();
  expect(memory.of("six").get(detector)).toEqual([]);
});

test("the memory holds ranges and no text", async () => {
  const detector = counting();
  const keys: string[] = [];
  const engine = engineOf({
    detectors: [detector],
    digest: (text) => {
      keys.push(textDigest(text));
      return keys.at(-1) ?? "";
    },
  });
  await redacted(engine, "a canary x");
  expect(keys.join()).not.toContain("canary");
  const [finding] = await detector.detect("x", living());
  expect(Object.keys(finding ?? {}).sort()).toEqual(["end", "entity", "rule", "score", "start"]);
});

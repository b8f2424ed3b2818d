import fc from "fast-check";
import { createFindingMemory } from "../../../lib/dlp/finding-memory";
import type { Detector } from "../../../lib/ports/detector";
import type { DlpAction, DlpPolicy, EntityRule } from "../../../lib/dlp/policy";
import { createTokenVault } from "../../../lib/dlp/tokens";
import { textDigest } from "../../../lib/text-digest";
import { CARD, engineOf, living, policyOf, ruleOf, spanOf } from "../../support/dlp";

const PIECES = [
  ...[`card ${CARD}`, "a.person@example.org", "[EMAIL_ADDRESS]", "[CREDIT_CARD]", "DE89 3704 0044 0532 0130 00"],
  ...[
    "ssn 078-05-1120",
    "10.1.2.3",
    "blue heron",
    "Blue  Heron 10.1.2.3",
    "%40",
    "EMAIL_ADDRESS_",
    "\u200b",
    "\n",
    " ",
  ],
  ...['{"ssn": "078051120"}', "https://example.org/a", "YS5wZXJzb25AZXhhbXBsZS5vcmc=", '"', "\\u0040", "4", "x"],
];
const ACTIONS: readonly DlpAction[] = ["block", "redact", "tokenize", "report", "off"];
const NAMES = ["EMAIL_ADDRESS", "CREDIT_CARD", "IBAN_CODE", "US_SSN", "IP_ADDRESS", "URL"];

const setting: fc.Arbitrary<DlpAction | EntityRule> = fc.oneof(
  fc.constantFrom(...ACTIONS),
  fc.record({ action: fc.constantFrom(...ACTIONS), minScore: fc.constantFrom(0, 0.6, 0.9) }),
  fc.record({ action: fc.constantFrom(...ACTIONS), context: fc.constantFrom("optional", "required") }),
);
const settings = fc.dictionary(fc.constantFrom(...NAMES), setting);
const custom = fc.constantFrom([], [ruleOf({ name: "HERON", phrases: ["blue heron"], action: "tokenize" })]);
const allow = fc.constantFrom(
  { values: [], phrases: [] },
  { values: [CARD, "10.1.2.3"], phrases: ["heron 10.1.2.3", "person@example.org"] },
);
const layer: fc.Arbitrary<DlpPolicy> = fc
  .record({ request: settings, response: settings, custom, allow })
  .map((parts) => policyOf(parts));
const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => pieces.join(" "));

describe("what is remembered of a text", () => {
  const reads = fc.array(
    fc.record({
      text: fc.nat({ max: 2 }),
      layers: fc.constantFrom([0], [1], [0, 1]),
      direction: fc.constantFrom("request", "response"),
      json: fc.boolean(),
      rewritable: fc.boolean(),
    }),
    { minLength: 6, maxLength: 12 },
  );

  test("changes nothing of what an inspection says, under whatever policies texts come again", async () => {
    const known = engineOf({ digest: textDigest });
    const forgetful = engineOf();
    const texts = fc.tuple(text, text, text);
    await fc.assert(
      fc.asyncProperty(texts, fc.tuple(layer, layer), reads, async (written, layers, sequence) => {
        const ofKnown = createTokenVault(digestOf);
        const ofForgetful = createTokenVault(digestOf);
        let said = "";
        for (const { text: at, layers: which, direction, json, rewritable } of sequence) {
          const span = spanOf(direction === "response" ? said : (written[at] ?? ""), { json, rewritable });
          const held = which.map((index) => layers[index]);
          const inspected = [known, forgetful].map((engine) => {
            const vault = engine === known ? ofKnown : ofForgetful;
            const tokens = direction === "request" ? vault.request : vault.answer;
            return engine.inspect([span], [], engine.policyFor(direction, held), living(), tokens);
          });
          const [warm, cold] = await Promise.all(inspected);
          expect(warm).toEqual(cold);
          // What went out comes back in the answer, tokens included.
          if (direction === "request") said = warm?.edits[0]?.text ?? span.text;
        }
      }),
      { numRuns: 40, seed: 5 },
    );
  });

  test("says nothing of a call in which a token in the text stands for a value", async () => {
    const engine = engineOf({ digest: textDigest });
    const rule = ruleOf({ name: "MARK", literals: ["ADDRESS_"] });
    const policy = engine.policyFor("response", [policyOf({ custom: [rule] })]);
    const vault = createTokenVault(digestOf);
    const text = `to ${vault.request.tokenFor("EMAIL_ADDRESS", "a@example.org")}`;
    const read = async (tokens = createTokenVault(digestOf)): Promise<string | undefined> =>
      (await engine.inspect([spanOf(text)], [], policy, living(), tokens.answer)).edits[0]?.text;
    const masked = await read();
    expect(masked).toBe(text.replace("ADDRESS_", "[MARK]"));
    expect(await read(vault)).toBe("to a@example.org");
    expect(await read()).toBe(masked);
  });

  test("counts in full against the bound, however it came together", () => {
    const memory = createFindingMemory({ digest: (digested) => digested, maxBytes: 4_000 });
    const detectors = Array.from({ length: 40 }, (_, at): Detector => ({
      name: String(at),
      entities: [],
      detect: () => [],
    }));
    memory.of("one").set(detectors[0] as Detector, []);
    for (const detector of detectors) memory.of("two").set(detector, []);
    for (const detector of detectors) memory.of("three").set(detector, []);
    expect(memory.of("one").get(detectors[0] as Detector)).toBeUndefined();
    expect(memory.of("two").get(detectors[0] as Detector)).toBeUndefined();
    expect(memory.of("three").get(detectors[0] as Detector)).toEqual([]);
  });
});

function digestOf(digested: string): Uint8Array {
  return Buffer.from(textDigest(digested), "base64");
}

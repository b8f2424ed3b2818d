import fc from "fast-check";
import { coveredBy } from "../../../lib/dlp/covered-by";
import type { DlpPolicy } from "../../../lib/dlp/policy";
import { CARD, delivered, engineOf, living, policyOf, ruleOf, spanOf } from "../../support/dlp";

const engine = engineOf({ budgetMs: 20_000 });
const SUPPORT = "support@acme.example";
const ALLOWING = policyOf({
  request: { EMAIL_ADDRESS: "redact", CREDIT_CARD: "redact" },
  custom: [ruleOf({ name: "CODENAME", phrases: ["Blue Heron"] })],
  allow: {
    values: ["Support@Acme.example", "4111 1111 1111 1111", "blue heron"],
    phrases: ["write to bob@acme.example for help"],
  },
});

async function inspected(text: string, layers: readonly (DlpPolicy | null)[] = [ALLOWING], json = false) {
  const spans = [spanOf(text, { json })];
  const inspection = await engine.inspect(spans, [], engine.policyFor("request", layers), living());
  return { text: delivered(spans, inspection.edits)[0], report: inspection.report };
}

/** The same text as a stream, in these pieces. */
async function streamed(pieces: readonly string[], layers: readonly (DlpPolicy | null)[]) {
  const stream = engine.openStream(engine.policyFor("request", layers), living());
  const helds = [];
  for (const piece of pieces) {
    helds.push(stream.add(spanOf(piece, { channel: "c" })));
    await stream.settle([]);
  }
  await stream.settle(["c"]);
  const text = helds.map((held) => held.text).join("");
  return { text, report: stream.report(text.length) };
}

describe("a value that is allowed", () => {
  test.each([
    ["as it is written in the policy", "Support@Acme.example"],
    ["in another case", "SUPPORT@acme.EXAMPLE"],
    ["in look-alikes", "support＠acme.example"],
    ["with something invisible inside", "sup\u200bport@acme.example"],
    ["with other white space", "4111\u00a01111 1111 1111"],
    ["of a rule of the house", "Blue  Heron"],
  ])("is no finding %s", async (_, value) => {
    expect(await inspected(`see ${value}!`)).toMatchObject({
      text: `see ${value}!`,
      report: { outcome: "clean", findings: {} },
    });
  });

  test("excuses the whole of what was found, and nothing that contains it or is written otherwise", async () => {
    for (const text of [`my-${SUPPORT}`, `${SUPPORT}.org`, CARD]) {
      expect((await inspected(text)).report.outcome).toBe("redacted");
    }
  });

  test("is known in a JSON text, too", async () => {
    const text = JSON.stringify({ to: SUPPORT, cc: "eve@acme.example" });
    expect((await inspected(text, [ALLOWING], true)).text).toBe(JSON.stringify({ to: SUPPORT, cc: "[EMAIL_ADDRESS]" }));
  });
});

describe("a phrase that is allowed", () => {
  test("excuses what lies inside it, in any case and spacing, and the same thing nowhere else", async () => {
    const text = "Write  to\nbob@acme.example for HELP, not bob@acme.example alone";
    expect((await inspected(text)).text).toBe(text.replace("not bob@acme.example", "not [EMAIL_ADDRESS]"));
  });

  test("begins and ends with whole words", async () => {
    const text = "rewrite to bob@acme.example for helpers";
    expect((await inspected(text)).text).toBe("rewrite to [EMAIL_ADDRESS] for helpers");
  });

  test("excuses nothing where it is encoded, even if a rule of the house has its name and words", async () => {
    const phrases = ["write to bob@acme.example"];
    const remembering = engineOf({ budgetMs: 20_000, digest: (text) => text });
    const policy = policyOf({
      request: { EMAIL_ADDRESS: "redact" },
      custom: [ruleOf({ name: "allow", phrases, action: "report" })],
      allow: { values: [], phrases },
    });
    const text = Buffer.from("please write to bob@acme.example today").toString("base64");
    const effective = remembering.policyFor("request", [policy]);
    for (let turn = 0; turn < 2; turn++) {
      const { report } = await remembering.inspect([spanOf(text)], [], effective, living());
      expect(report.outcome).toBe("redacted");
    }
  });

  test("covers what one of its places covers, overlapping places included", () => {
    const range = fc.tuple(fc.nat(20), fc.nat(20)).map(([start, length]) => ({ start, end: start + length }));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 8 }), range, (places, { start, end }) => {
        const expected = places.some((place) => place.start <= start && place.end >= end);
        expect(coveredBy(places)(start, end)).toBe(expected);
      }),
    );
  });
});

describe("an allow-list", () => {
  test("excuses nothing that another layer demands, whichever comes first", async () => {
    const strict = policyOf({ request: { EMAIL_ADDRESS: "block" } });
    for (const layers of [
      [ALLOWING, strict],
      [strict, ALLOWING],
    ]) {
      expect((await inspected(SUPPORT, layers)).report.outcome).toBe("blocked");
    }
  });

  test("leaves the milder demand of another layer standing", async () => {
    const reporting = policyOf({ request: { EMAIL_ADDRESS: "report" } });
    expect(await inspected(SUPPORT, [ALLOWING, reporting])).toMatchObject({
      text: SUPPORT,
      report: { outcome: "reported", findings: { EMAIL_ADDRESS: 1 } },
    });
  });

  test("holds when every layer that demands something has it", async () => {
    const group = policyOf({ request: { EMAIL_ADDRESS: "block" }, allow: { values: [SUPPORT], phrases: [] } });
    expect((await inspected(SUPPORT, [ALLOWING, group])).report.outcome).toBe("clean");
  });
});

test("streams under scores, context and allow-lists are delivered as one inspection gives them, however they are cut", async () => {
  const layers = [
    ALLOWING,
    policyOf({
      request: {
        PHONE_NUMBER: { action: "redact", context: "required" },
        US_SSN: { action: "tokenize", minScore: 0.9 },
        EMAIL_ADDRESS: "report",
      },
    }),
  ];
  const piece = fc.constantFrom(
    ...[
      "write to bob@acme.example for help",
      "Write to ",
      "bob@acme.example",
      " for help",
      SUPPORT,
      "4111 1111 1111 1111",
    ],
    ...["call 650-253-0000", "650-253-0000", "ssn 536-22-8765", "536-22-8765", "blue heron", " ", "\n", "x", ". "],
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 12 }), async (pieces, cuts) => {
      const text = pieces.join("");
      const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
      const parts = places.slice(1).map((end, at) => text.slice(places[at], end));
      const whole = await inspected(text, layers);
      const stream = await streamed(parts, layers);
      expect(stream.text).toBe(whole.text);
      expect(stream.report).toEqual(whole.report);
    }),
    { numRuns: 60 },
  );
});

import fc from "fast-check";
import { builtInDetectors } from "../../../adapters/detectors/built-in";
import type { HeldText } from "../../../lib/dlp/stream/channel";
import type { DlpPolicy } from "../../../lib/dlp/policy";
import { createTokenVault, type Tokens } from "../../../lib/dlp/tokens";
import type { Detector } from "../../../lib/ports/detector";
import type { AnswerSpan } from "../../../lib/ports/protocol";
import { armoured, CARD, engineOf, living, policyOf, ruleOf, spanOf } from "../../support/dlp";
import { EXAMPLES } from "../../support/dlp-examples";

const RULES = [
  ruleOf({ name: "HERON", phrases: ["Blue Heron Rising"] }),
  ruleOf({ name: "CODE", literals: ["PRJ-7", "abab"] }),
];
const declared = builtInDetectors().filter(({ maxLength }) => maxLength !== undefined);
const engine = engineOf({ detectors: declared });
const redacting = (...entities: readonly string[]): DlpPolicy =>
  policyOf({ response: Object.fromEntries(entities.map((entity) => [entity, "redact"])), custom: RULES });
const REDACT = redacting("EMAIL_ADDRESS", "CREDIT_CARD", "PRIVATE_KEY");
const EVERYTHING = redacting(...engine.entities);

interface Streaming {
  readonly policy?: DlpPolicy;
  readonly tokens?: Tokens | null;
  readonly span?: Partial<AnswerSpan>;
  readonly by?: ReturnType<typeof engineOf>;
}

/** Adds one delta after the other; what could be delivered after each, and in the end. */
async function streamed(
  deltas: readonly string[],
  { policy = REDACT, tokens = null, span, by = engine }: Streaming = {},
) {
  const stream = by.openStream(by.policyFor("response", [policy]), living(), tokens);
  const helds: HeldText[] = [];
  const afterEach: string[] = [];
  const soFar = (): string => {
    const held = helds.findIndex(({ text }) => text === null);
    return helds
      .slice(0, held === -1 ? helds.length : held)
      .map(({ text }) => text)
      .join("");
  };
  for (const text of deltas) {
    helds.push(stream.add(spanOf(text, { channel: "c", ...span })));
    await stream.settle([]);
    if (stream.blockedBy() !== null) break;
    afterEach.push(soFar());
  }
  if (stream.blockedBy() === null) await stream.settle(["c"]);
  return { text: soFar(), afterEach, blockedBy: stream.blockedBy(), report: stream.report(soFar().length) };
}

async function inspectedWhole(text: string, { policy = REDACT, tokens = null, by = engine }: Streaming = {}) {
  const effective = by.policyFor("response", [policy]);
  const { edits, report } = await by.inspect([spanOf(text)], [], effective, living(), tokens);
  return { text: edits[0]?.text ?? text, report };
}

function cutAt(text: string, cuts: readonly number[]): string[] {
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((one, other) => one - other), text.length];
  return places.slice(1).map((end, at) => text.slice(places[at], end));
}

test("every built-in detector that says how far its matches reach finds something in its examples here", async () => {
  const texts = new Map(declared.map(({ name, entities }) => [name, { examples: EXAMPLES[name] ?? [], entities }]));
  for (const [name, { examples, entities }] of texts) {
    const wholes = await Promise.all(examples.map((text) => inspectedWhole(text, { policy: redacting(...entities) })));
    expect([name, wholes.some(({ report }) => report.outcome === "redacted")]).toEqual([name, true]);
  }
});

describe.each(Object.entries(EXAMPLES))("%s", (name, examples) => {
  const own = declared.find((detector) => detector.name === name)?.entities ?? [];

  test.each(examples)(
    "alone and with all others delivers %j as one inspection does, wherever it is cut",
    async (example) => {
      for (const policy of [redacting(...own), EVERYTHING]) await holdsFor(example, policy);
    },
  );
});

async function holdsFor(example: string, policy: DlpPolicy): Promise<void> {
  const whole = await inspectedWhole(example, { policy });
  for (let cut = 0; cut <= example.length; cut += 1) {
    const { text, report } = await streamed([example.slice(0, cut), example.slice(cut)], { policy });
    expect([cut, text]).toEqual([cut, whole.text]);
    expect(report).toEqual(whole.report);
  }
  const letters = await streamed([...example], { policy });
  expect(letters.text).toBe(whole.text);
  for (const part of letters.afterEach) expect(whole.text.startsWith(part)).toBe(true);
}

test("whatever is said and however it is cut, what is delivered is what one inspection of the whole gives", async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...["email-address", "credit-card", "private-key"].flatMap((name) => EXAMPLES[name] ?? []),
      "Blue Heron  rising",
      "PRJ-7x",
      "ababab",
      CARD,
    ),
    fc.constantFrom(" ", "\n", "-", "text", "😀", "\ud835\udfd2", "@", "4111 ", "-----BEGIN ", "Blue ", "ab", "日本"),
    fc.string({ maxLength: 5 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 9 }), fc.array(fc.nat(), { maxLength: 30 }), async (pieces, cuts) => {
      const text = pieces.join("");
      const whole = await inspectedWhole(text);
      const { text: delivered, afterEach, report } = await streamed(cutAt(text, cuts));
      expect(delivered).toBe(whole.text);
      expect(report).toEqual(whole.report);
      for (const part of afterEach) expect(whole.text.startsWith(part)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test("what lies far behind is forgotten, and nothing is found differently for it", async () => {
  const text = `${"The order of 2024-11-03, 14:02, came to 1,204.50. ".repeat(60)}${CARD} ${"7 ".repeat(900)}a@b.co, ok `;
  const words = text.split(/(?<= )/);
  expect((await streamed(words)).text).toBe((await inspectedWhole(text)).text);
});

describe("what is held", () => {
  test("is the word that goes on, digits that may, and what has begun", async () => {
    const { afterEach } = await streamed([
      "Hello ",
      "wor",
      "ld, it is ",
      "2024 ",
      "today. -----BEGIN ",
      "of ",
      "Blue He",
      "n ",
    ]);
    expect(afterEach).toEqual([
      "Hello ",
      "Hello ",
      "Hello world, it is ",
      "Hello world, it is ",
      "Hello world, it is 2024 ",
      "Hello world, it is 2024 today. -----BEGIN of ",
      "Hello world, it is 2024 today. -----BEGIN of ",
      "Hello world, it is 2024 today. -----BEGIN of Blue Hen ",
    ]);
  });

  test("is all of it for a detector that does not say how far its matches reach, and so much for one that only does", async () => {
    const found: Detector["detect"] = (text) =>
      [...text.matchAll(/x{3}/g)].map(({ index }) => ({
        entity: "X",
        rule: "X",
        start: index,
        end: index + 3,
        score: 1,
      }));
    const policy = policyOf({ response: { X: "redact" } });
    const through = (detector: Partial<Detector>) =>
      streamed([..."ab xxx cd"], {
        policy,
        by: engineOf({ detectors: [{ name: "x", entities: ["X"], detect: found, ...detector }] }),
      });
    const unknown = await through({});
    expect([unknown.text, unknown.afterEach.at(-1)]).toEqual(["ab [X] cd", ""]);
    const bounded = await through({ maxLength: 4 });
    expect([bounded.text, bounded.afterEach.at(-1)]).toEqual(["ab [X] cd", "ab "]);
  });

  test("is a tool's arguments until they are complete", async () => {
    const json = `{"to":"alice@example.com","card":${CARD},"n":1.50}`;
    const { text, afterEach } = await streamed([...json], { span: { json: true } });
    expect(afterEach.at(-1)).toBe("");
    expect(text).toBe('{"to":"[EMAIL_ADDRESS]","card":"[CREDIT_CARD]","n":1.50}');
  });

  test("is nothing of what may not be rewritten, unless a finding there would stop the stream", async () => {
    const thinking = { span: { rewritable: false } };
    const passing = await streamed(["ali", "ce@example.com", " ok"], thinking);
    expect(passing.afterEach).toEqual(["ali", "alice@example.com", "alice@example.com ok"]);
    expect(passing.report).toMatchObject({ notRewritten: 1, findings: { EMAIL_ADDRESS: 1 }, outcome: "reported" });
    const policy = { ...REDACT, unrewritable: "block" } as const;
    const stopped = await streamed(["to ", "ali", "ce@example.com", " ok"], { ...thinking, policy });
    expect([stopped.afterEach.slice(0, 3), stopped.blockedBy]).toEqual([["to ", "to ", "to "], "EMAIL_ADDRESS"]);
  });

  test("is nothing for what is only reported, and it is counted all the same", async () => {
    const policy = policyOf({ response: { EMAIL_ADDRESS: "report", CREDIT_CARD: "redact" } });
    const { afterEach, report } = await streamed(["alice@", "example.", "com ", CARD, "."], { policy });
    expect(afterEach.slice(0, 3)).toEqual(["alice@", "alice@example.", "alice@example.com "]);
    expect(report).toMatchObject({ outcome: "redacted", findings: { EMAIL_ADDRESS: 1, CREDIT_CARD: 1 } });
  });
});

describe("a blocked finding", () => {
  const policy = policyOf({ response: { PRIVATE_KEY: "block" } });

  test("stops the stream as soon as it is certain, wherever it is cut, and nothing of it was delivered", async () => {
    const text = `see ${armoured("PRIVATE KEY")} there`;
    for (let cut = 0; cut <= text.length; cut += 1) {
      const { afterEach, blockedBy, report } = await streamed([text.slice(0, cut), text.slice(cut)], { policy });
      expect(blockedBy).toBe("PRIVATE_KEY");
      expect(afterEach.filter((part) => !"see ".startsWith(part))).toEqual([]);
      expect(report.outcome).toBe("blocked");
    }
  });
});

test("tokens are put back wherever they are cut, without a policy for answers too", async () => {
  const vault = createTokenVault((text) => Buffer.from(text.padEnd(32, "x")));
  const token = vault.request.tokenFor("EMAIL_ADDRESS", "alice@example.com");
  const text = `to ${token}, E ${token}${token} EMAIL_ADDRESS_0`;
  const expected = `to alice@example.com, E alice@example.comalice@example.com EMAIL_ADDRESS_0`;
  for (const policy of [policyOf({}), REDACT]) {
    for (let cut = 0; cut <= text.length; cut += 1) {
      const { text: delivered, report } = await streamed([text.slice(0, cut), text.slice(cut)], {
        policy,
        tokens: vault.answer,
      });
      expect([cut, delivered]).toEqual([cut, expected]);
      expect(report.findings).toEqual({});
    }
  }
});

test("copies of a text become what its deltas became, and are not counted again", async () => {
  const stream = engine.openStream(engine.policyFor("response", [REDACT]), living());
  const deltas = ["mail ali", "ce@example.com"].map((text) => stream.add(spanOf(text, { channel: "0/0/t" })));
  await stream.settle(["0/0"]);
  const copy = stream.add(spanOf("mail alice@example.com"));
  const other = stream.add(spanOf("c@d.co"));
  await stream.settle([]);
  expect([...deltas, copy, other].map(({ text }) => text)).toEqual([
    "mail [EMAIL_ADDRESS]",
    "",
    "mail [EMAIL_ADDRESS]",
    "[EMAIL_ADDRESS]",
  ]);
  expect(stream.report(0).findings).toEqual({ EMAIL_ADDRESS: 2 });
});

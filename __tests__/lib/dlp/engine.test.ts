import fc from "fast-check";
import type { DlpPolicy } from "../../../lib/dlp/policy";
import { Denial } from "../../../lib/denial";
import type { AnswerSpan, OpaquePart } from "../../../lib/ports/protocol";
import { armoured, CARD, delivered, engineOf, living, policyOf, ruleOf, spanOf } from "../../support/dlp";

const engine = engineOf();
const REDACT = policyOf({
  request: { EMAIL_ADDRESS: "redact", CREDIT_CARD: "redact", PRIVATE_KEY: "redact" },
  custom: [ruleOf({ name: "PROJECT", regex: "PRJ-[0-9]{6}" }), ruleOf({ name: "NAME", phrases: ["Blue Heron"] })],
});

async function inspect(spans: readonly AnswerSpan[], policy: DlpPolicy, opaque: readonly OpaquePart[] = []) {
  const inspection = await engine.inspect(spans, opaque, engine.policyFor("request", [policy]), living());
  return { ...inspection, texts: delivered(spans, inspection.edits) };
}

const one = async (text: string, policy = REDACT, parts: Partial<AnswerSpan> = {}) =>
  (await inspect([spanOf(text, parts)], policy)).texts[0];

describe("redaction", () => {
  test.each([
    ["mail alice@example.com!", "mail [EMAIL_ADDRESS]!"],
    [`a@b.co ${CARD} PRJ-123456 blue heron`, "[EMAIL_ADDRESS] [CREDIT_CARD] [PROJECT] [NAME]"],
    ["４０１２ 8888\u200b-8888–1881", "[CREDIT_CARD]"],
    ["ali\u00adce@exam\u200bple.com", "[EMAIL_ADDRESS]"],
    [armoured("EC PRIVATE KEY"), "[PRIVATE_KEY]"],
    ["nothing here", "nothing here"],
  ])("%j becomes %j", async (text, expected) => {
    expect(await one(text)).toBe(expected);
  });

  test("leaves a text without findings without an edit", async () => {
    const { edits, report } = await inspect([spanOf("fine"), spanOf("")], REDACT);
    expect(edits).toEqual([]);
    expect(report).toEqual({
      outcome: "clean",
      findings: {},
      scanned: 4,
      delivered: 4,
      notScanned: [],
      notRewritten: 0,
    });
  });

  test("says what it found by entity and place, and how much went on", async () => {
    const { findings, report } = await inspect([spanOf("x"), spanOf("to a@b.co and c@d.co")], REDACT);
    expect(findings.map(({ entity, index, start, end }) => [entity, index, start, end])).toEqual([
      ["EMAIL_ADDRESS", 1, 3, 9],
      ["EMAIL_ADDRESS", 1, 14, 20],
    ]);
    expect(report).toMatchObject({ outcome: "redacted", findings: { EMAIL_ADDRESS: 2 }, scanned: 21, delivered: 39 });
  });

  test("masks both ends where two findings overlap", async () => {
    const policy = policyOf({
      custom: [ruleOf({ name: "LEFT", literals: ["abcdef"] }), ruleOf({ name: "RIGHT", literals: ["efghijkl"] })],
    });
    expect(await one("-abcdefghijkl-", policy)).toBe("-[RIGHT]-");
  });

  test("names a credential rather than personal data inside it", async () => {
    const key = armoured("PRIVATE KEY", "Comment: alice@example.com\nMIIEowIBAAKCAQEA7bq8\n");
    expect(await one(key)).toBe("[PRIVATE_KEY]");
  });

  test("is not widened by what only reports", async () => {
    const policy = policyOf({
      request: { EMAIL_ADDRESS: "redact" },
      custom: [ruleOf({ name: "LINE", regex: "to .*", action: "report" })],
    });
    const { texts, report } = await inspect([spanOf("to a@b.co now")], policy);
    expect(texts).toEqual(["to [EMAIL_ADDRESS] now"]);
    expect(report.findings).toEqual({ EMAIL_ADDRESS: 1 });
  });

  test("does not find its own placeholders again", async () => {
    const policy = policyOf({ custom: [ruleOf({ name: "ACME", phrases: ["acme"] })] });
    const once = await one("at ACME", policy);
    expect(once).toBe("at [ACME]");
    expect(await one(`${once}, ACME`, policy)).toBe("at [ACME], [ACME]");
  });

  test("tokenize acts as redact where nothing could be put back", async () => {
    const policy = policyOf({ request: { EMAIL_ADDRESS: "tokenize" } });
    const { texts, report } = await inspect([spanOf("a@b.co")], policy);
    expect(texts).toEqual(["[EMAIL_ADDRESS]"]);
    expect(report.outcome).toBe("redacted");
  });
});

describe("a text in pieces", () => {
  test("gives the replacement to the piece where the match begins and cuts the rest", async () => {
    const pieces = ["to al", "ice@exa", "mple", ".com, bye"].map((text) => spanOf(text, { channel: "0" }));
    const { texts, edits } = await inspect(pieces, REDACT);
    expect(texts).toEqual(["to [EMAIL_ADDRESS]", "", "", ", bye"]);
    expect(edits.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
  });

  test("keeps channels apart, and from texts without one", async () => {
    const spans = [
      spanOf("ali", { channel: "a" }),
      spanOf("bob", { channel: "b" }),
      spanOf("ce@x.co", { channel: "a" }),
      spanOf("@y.co", { channel: "b" }),
      spanOf("carol"),
      spanOf("@z.co"),
    ];
    const { texts } = await inspect(spans, REDACT);
    expect(texts).toEqual(["[EMAIL_ADDRESS]", "[EMAIL_ADDRESS]", "", "", "carol", "@z.co"]);
  });

  const secret = fc.constantFrom(
    "alice@example.com",
    CARD,
    "PRJ-123456",
    "blue  heron",
    armoured("RSA PRIVATE KEY"),
    "４０１２ 8888\u200b8888 1881",
  );
  const piece = fc.oneof(
    secret,
    fc.constantFrom(" ", "😀", ", ", "\n", "text", "12 ", '"'),
    fc.string({ maxLength: 5 }),
  );
  const chunked = fc.tuple(fc.array(piece, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 30 }));

  test("joins to the redaction of the joined text, however it is cut", async () => {
    await fc.assert(
      fc.asyncProperty(chunked, async ([pieces, cuts]) => {
        const text = pieces.join(" ; ");
        const { texts, report } = await inspect(cutAt(text, cuts), REDACT);
        const whole = await inspect([spanOf(text)], REDACT);
        expect(texts.join("")).toBe(whole.texts[0]);
        expect(report).toEqual(whole.report);
        expect(texts.join("")).not.toMatch(/alice@|4111111111111111|PRJ-1|MIIE/);
      }),
      { numRuns: 200 },
    );
  });
});

function cutAt(text: string, cuts: readonly number[]): AnswerSpan[] {
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((one, other) => one - other), text.length];
  return places.slice(1).map((end, index) => spanOf(text.slice(places[index], end), { channel: "c" }));
}

describe("JSON in a string", () => {
  test.each([
    ['{"to":"alice@example.com","n":1}', '{"to":"[EMAIL_ADDRESS]","n":1}'],
    ['{"c":"\\u0034111 1111\\u00201111 1111"}', '{"c":"[CREDIT_CARD]"}'],
    [`{"c": ${CARD}, "d": 1.5}`, '{"c": "[CREDIT_CARD]", "d": 1.5}'],
    [JSON.stringify({ key: armoured("PRIVATE KEY") }), '{"key":"[PRIVATE_KEY]"}'],
    ['{"a@b.co":"\\"a@b.co\\""}', '{"[EMAIL_ADDRESS]":"\\"[EMAIL_ADDRESS]\\""}'],
    ['{"a":"alice","b":"@example.com"}', '{"a":"alice","b":"@example.com"}'],
    [`[4111,1111,1111,1111]`, "[4111,1111,1111,1111]"],
    ['"a@b.co"', '"[EMAIL_ADDRESS]"'],
    [CARD, '"[CREDIT_CARD]"'],
    ['{"unfinished":"alice@example.com', '{"unfinished":"[EMAIL_ADDRESS]'],
    ['a@b.co, {"c":"\\u0034111111111111111"}', '[EMAIL_ADDRESS], {"c":"[CREDIT_CARD]"}'],
  ])("%s becomes %s", async (text, expected) => {
    expect(await one(text, REDACT, { json: true })).toBe(expected);
  });

  test("keeps a replacement from breaking it", async () => {
    const policy = policyOf({ custom: [ruleOf({ name: 'A "quoted" name', literals: ["x\ny"] })] });
    const text = JSON.stringify({ a: "x\ny" });
    expect(JSON.parse((await one(text, policy, { json: true })) ?? "")).toEqual({ a: '[A "quoted" name]' });
  });

  test("stays JSON, with everything else as it was, however it is cut", async () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.constantFrom("alice@example.com", CARD, 'a\n\\"', "é😀"),
      fc.double({ noNaN: true }),
    );
    const value = fc.dictionary(fc.string(), fc.oneof(leaf, fc.array(leaf, { maxLength: 3 })), { maxKeys: 5 });
    await fc.assert(
      fc.asyncProperty(value, fc.array(fc.nat(), { maxLength: 10 }), async (given, cuts) => {
        const text = JSON.stringify(given);
        const spans = cutAt(text, cuts).map((span) => ({ ...span, json: true }));
        const { texts } = await inspect(spans, REDACT);
        expect(JSON.parse(texts.join(""))).toEqual(JSON.parse((await one(text, REDACT, { json: true })) ?? ""));
        expect(texts.join("")).not.toMatch(/alice@example|4111111111111111/);
        // A number drawn at random may be a card's.
        if (!/@|\d{12}/.test(text)) expect(texts.join("")).toBe(text);
      }),
      { numRuns: 200 },
    );
  });
});

describe("blocking", () => {
  const policy = policyOf({ request: { PRIVATE_KEY: "block", EMAIL_ADDRESS: "redact" } });

  test("stops the call, says which entity and where, and delivers nothing", async () => {
    const spans = [spanOf("a@b.co"), spanOf(armoured("PRIVATE KEY"), { path: ["messages", 1, "content"] })];
    const { blockedBy, blockedAt, edits, report } = await inspect(spans, policy);
    expect([blockedBy, blockedAt, edits]).toEqual(["PRIVATE_KEY", ["messages", 1, "content"], []]);
    expect(report).toMatchObject({
      outcome: "blocked",
      findings: { EMAIL_ADDRESS: 1, PRIVATE_KEY: 1 },
      delivered: 0,
    });
  });

  test("happens anywhere, rewritable or not", async () => {
    const { blockedBy } = await inspect([spanOf(armoured("PRIVATE KEY"), { rewritable: false })], policy);
    expect(blockedBy).toBe("PRIVATE_KEY");
  });

  test("wins over a longer finding around it", async () => {
    const mixed = policyOf({
      custom: [
        ruleOf({ name: "LONG", regex: "x.*x" }),
        ruleOf({ name: "SHORT", literals: ["secret"], action: "block" }),
      ],
    });
    expect((await inspect([spanOf("x secret x")], mixed)).blockedBy).toBe("SHORT");
  });
});

describe("a text that may not be rewritten", () => {
  const text = spanOf("a@b.co", { rewritable: false });

  test("passes as it is, on record", async () => {
    const { texts, report, blockedBy } = await inspect([text], REDACT);
    expect([texts, blockedBy]).toEqual([["a@b.co"], null]);
    expect(report).toMatchObject({ outcome: "reported", notRewritten: 1, findings: { EMAIL_ADDRESS: 1 } });
  });

  test("stops the call where the policy says so", async () => {
    const { blockedBy } = await inspect([text], { ...REDACT, unrewritable: "block" });
    expect(blockedBy).toBe("EMAIL_ADDRESS");
  });
});

describe("parts that cannot be read", () => {
  const part = (kind: OpaquePart["kind"]): OpaquePart => ({ path: ["messages", 0], kind });
  const kinds = ["image", "encrypted_reasoning", "document", "audio", "file"] as const;

  test.each([
    [undefined, ["document", "audio", "file"]],
    ["allow", []],
    ["block", [...kinds]],
  ] as const)("with `uninspectable: %s` stop the call when they are %j", async (uninspectable, stopped) => {
    const policy = { ...REDACT, ...(uninspectable && { uninspectable }) };
    const blocked = await Promise.all(kinds.map((kind) => inspect([], policy, [part(kind)])));
    expect(kinds.filter((_, index) => blocked[index]?.blockedBy === "uninspectable")).toEqual(stopped);
    expect(blocked.map(({ report }) => report.notScanned)).toEqual(kinds.map((kind) => [kind]));
  });

  test("pass where the policy only reports, and where there is none", async () => {
    const reports = policyOf({ request: { EMAIL_ADDRESS: "report" } });
    expect((await inspect([], reports, [part("document")])).report).toMatchObject({
      outcome: "notScanned",
      notScanned: ["document"],
    });
    expect((await inspect([spanOf("a@b.co")], policyOf({}), [part("document")])).report).toEqual({
      outcome: "off",
      findings: {},
      scanned: 0,
      delivered: 6,
      notScanned: [],
      notRewritten: 0,
    });
  });
});

describe("a policy", () => {
  test("that only reports changes nothing and says what is there", async () => {
    const reports = policyOf({ request: { EMAIL_ADDRESS: "report" } });
    const effective = engine.policyFor("request", [reports]);
    expect([effective.active, effective.intervenes]).toEqual([true, false]);
    const { texts, report } = await inspect([spanOf("a@b.co")], reports);
    expect(texts).toEqual(["a@b.co"]);
    expect(report).toMatchObject({ outcome: "reported", findings: { EMAIL_ADDRESS: 1 }, delivered: 6 });
  });

  test("is combined once for the same layers", () => {
    const layers = [REDACT, null, policyOf({})];
    expect(engine.policyFor("request", layers)).toBe(engine.policyFor("request", layers));
    expect(engine.policyFor("response", layers)).not.toBe(engine.policyFor("request", layers));
    expect(engine.policyFor("request", [])).toMatchObject({ active: false, intervenes: false });
  });

  test("that must stop what nothing can find is refused", () => {
    const unknown = policyOf({ request: { HOROSCOPE: "block" } });
    expect(() => engine.policyFor("request", [unknown])).toThrow(Denial);
    expect(engine.policyFor("response", [unknown]).active).toBe(false);
    expect(engine.policyFor("request", [policyOf({ request: { HOROSCOPE: "report" } })]).intervenes).toBe(false);
  });

  test("with a pattern that is not valid is refused", () => {
    const invalid = policyOf({ custom: [ruleOf({ name: "BAD", regex: "(" })] });
    expect(() => engine.policyFor("request", [invalid])).toThrow(
      expect.objectContaining({ code: "dlp_unavailable", detail: "the custom rule BAD cannot be compiled" }),
    );
  });
});

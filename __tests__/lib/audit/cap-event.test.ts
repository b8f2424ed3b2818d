import { createHash } from "node:crypto";
import fc from "fast-check";
import { capEvent, cappedText, TEXT_LIMIT } from "../../../lib/audit/cap-event";
import { auditEvent, EVENT_MEMBERS, type AuditEvent } from "../../../lib/audit/record";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const capped = (facts: Partial<AuditEvent>): AuditEvent => capEvent(auditEvent("admin", 0, facts));
const changed = (after: unknown): unknown =>
  capped({ change: { subject: "group", before: null, after } }).change?.after;

it("keeps what fits as it is", () => {
  const event = auditEvent("intent", 0, { model: "x".repeat(TEXT_LIMIT), dlp: null, bytesIn: 7 });
  expect(capEvent(event)).toEqual(event);
});

it("cuts longer text and says its length and digest", () => {
  const agent = "é".repeat(2_000);
  expect(capped({ userAgent: agent }).userAgent).toBe(
    `${"é".repeat(512)}…[cut: 2000 characters, sha256 ${sha256(agent)}]`,
  );
  expect(capped({ path: agent }).path).toHaveLength(512 + "…[cut: 2000 characters, sha256 ]".length + 64);
  expect(capped({ model: agent }).model).toMatch(/^é{1024}…\[cut/);
});

it("gives no two texts the same cut form", () => {
  const texts = fc.string({ maxLength: 40 });
  fc.assert(
    fc.property(texts, texts, (one, other) => {
      expect(cappedText(one, 8) === cappedText(other, 8)).toBe(one === other);
      expect(cappedText(cappedText(one, 8), 300)).toBe(cappedText(one, 8));
    }),
  );
});

describe("what has no JSON form", () => {
  it.each([
    ["not a number", Number.NaN, null],
    ["infinity", -Infinity, null],
    ["undefined", undefined, null],
    ["a function", () => "x", null],
    ["a symbol", Symbol("x"), null],
    ["a big integer", 2n ** 80n, "1208925819614629174706176"],
    ["bytes, a digest say", new Uint8Array([1, 2]), "[omitted]"],
  ])("%s is written without failing", (_name, value, expected) => {
    expect(changed(value)).toBe(expected);
    expect(changed([{ value }])).toEqual([{ value: expected }]);
  });

  it("is not there for names like __proto__", () => {
    const text = JSON.stringify(changed(JSON.parse('{"__proto__":{"polluted":1},"constructor":2}')));
    expect(text).toBe('{"__proto__":{"polluted":1},"constructor":2}');
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("ends for values that contain themselves, and for very many", () => {
    const loop: unknown[] = [];
    loop.push(loop, { loop }, loop);
    expect(JSON.stringify(changed(loop)).length).toBeLessThan(1_000_000);
    expect(changed(Array.from({ length: 6_000 }, () => 1))).toHaveLength(5_001);
  });
});

it("writes an event's own members and no others", () => {
  const careless = { ...auditEvent("refusal", 0, {}), headers: { authorization: "Bearer canary" }, cookie: "canary" };
  expect(Object.keys(capEvent(careless)).sort()).toEqual([...EVENT_MEMBERS].sort());
  expect(JSON.stringify(capEvent(careless))).not.toContain("canary");
});

it("has no member that is meant for header lines or credentials, and one for text, which is sealed", () => {
  const telling = /header(?!s$)|authorization|cookie|secret|password|token$|prompt|message|content|body/i;
  expect(EVENT_MEMBERS.filter((name) => telling.test(name))).toEqual(["content"]);
});

describe("a key that somebody sent where text goes", () => {
  const id = "0123456789";
  const secret = "S".repeat(33) + "C".repeat(6);

  it("loses its secret and keeps its public id", () => {
    const hidden = `llmg_${id}${"*".repeat(39)}`;
    const facts = {
      path: `/v1/llmg_${id}${secret}/x`,
      clientRequestId: `llmg_${id}${secret}`,
      model: `my_llmg_${id}${secret}`,
    };
    expect(capped(facts)).toMatchObject({ path: `/v1/${hidden}/x`, clientRequestId: hidden, model: `my_${hidden}` });
  });

  it("leaves nothing of it where text is cut", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 600 }), (before) => {
        const path = `${"/".repeat(before)}/a_${id}${secret}`.repeat(3);
        expect(cappedText(path, 512)).not.toContain("SSS");
      }),
    );
  });

  it("is told from ids that are longer or shorter", () => {
    const response = `resp_${"a".repeat(50)}`;
    expect(capped({ path: response, model: `msg_${"a".repeat(48)}` })).toMatchObject({
      path: response,
      model: `msg_${"a".repeat(48)}`,
    });
  });
});

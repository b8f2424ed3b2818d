import fc from "fast-check";
import { canonicalBytes, canonicalJson, parseRecord } from "../../../lib/audit/canonical";
import { auditEvent, EVENT_MEMBERS, type AuditEvent } from "../../../lib/audit/record";
import { capEvent } from "../../../lib/audit/cap-event";
import { recordAt } from "../../../lib/audit/stamp-record";
import type { JsonValue } from "../../../lib/json";

const json = fc.jsonValue() as fc.Arbitrary<JsonValue>;
/** Any UTF-16, halves of surrogate pairs included. */
const text = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
  maxLength: 20,
});

function bytesOf(facts: Partial<AuditEvent>): string {
  return Buffer.from(
    canonicalBytes(recordAt({ node: "n", boot: "b" }, 1, capEvent(auditEvent("refusal", 0, facts)))),
  ).toString();
}

it.each<[string, JsonValue, string]>([
  [
    "sorts members by UTF-16 code units, at every level",
    { b: 1, a: { "\u{1f600}": 1, "\ufb33": 2, A: 3 } },
    '{"a":{"A":3,"\u{1f600}":1,"\ufb33":2},"b":1}',
  ],
  ["keeps the order of lists", [3, 1, [2]], "[3,1,[2]]"],
  ["writes numbers as ECMAScript does", [1e21, 0.1, -0, 5e-324, 1e-7], "[1e+21,0.1,0,5e-324,1e-7]"],
  ["escapes what is no character", ["\ud800", "\0", "\n", "\u2028", '"'], '["\\ud800","\\u0000","\\n","\u2028","\\""]'],
  [
    "takes any name of a member",
    JSON.parse('{"__proto__":1,"10":2,"9":3}') as JsonValue,
    '{"10":2,"9":3,"__proto__":1}',
  ],
])("%s", (_claim, value, expected) => {
  expect(canonicalJson(value)).toBe(expected);
});

it("writes a refusal as this line", () => {
  const line = bytesOf({ requestId: "r", reason: "missing", status: 401, decision: "deny", path: "/v1/messages" });
  expect(line).toBe(
    '{"at":"1970-01-01T00:00:00.000Z","boot":"b","bothHeaders":false,"bytesIn":null,"bytesOut":null,"change":null,' +
      '"checkpoint":null,"clientRequestId":null,"clientSessionId":null,"content":null,"count":null,"credential":null,"decision":"deny","detail":null,"digestIn":null,"digestOut":null,' +
      '"dlp":null,"durationMs":null,"epoch":null,"inputTokens":null,"keyId":null,"kind":"refusal","method":null,"model":null,' +
      '"node":"n","operation":null,"organization":null,"outcome":null,"outputTokens":null,"path":"/v1/messages",' +
      '"protocol":null,"reason":"missing","requestId":"r","rule":null,"seq":1,"source":null,"staleAuth":false,"status":401,"stream":null,' +
      '"upstream":null,"upstreamRequestId":null,"upstreamStatus":null,"user":null,"userAgent":null,"v":1}',
  );
});

it("writes a record, every member given, as it writes any other value", () => {
  const facts = Object.fromEntries(EVENT_MEMBERS.map((name, index) => [name, index % 3 ? `"${name}"\ud800` : index]));
  const record = recordAt({ node: "n", boot: "b" }, 7, facts as unknown as AuditEvent);
  expect(Buffer.from(canonicalBytes(record)).toString()).toBe(canonicalJson(record as unknown as JsonValue));
  expect(Object.keys(record).sort()).toEqual([...EVENT_MEMBERS, "v", "node", "boot", "seq"].sort());
});

it("has one form for one value, whatever the order of its members", () => {
  fc.assert(
    fc.property(json, (value) => {
      const form = canonicalJson(value);
      expect(canonicalJson(JSON.parse(form) as JsonValue)).toBe(form);
    }),
  );
});

it("has different bytes for different texts in the same field, and the same text in different fields", () => {
  fc.assert(
    fc.property(text, text, (one, other) => {
      expect(bytesOf({ model: one }) === bytesOf({ model: other })).toBe(one === other);
      expect(bytesOf({ model: one, userAgent: other }) === bytesOf({ model: other, userAgent: one })).toBe(
        one === other,
      );
    }),
  );
});

it("gives back exactly the texts that went in", () => {
  fc.assert(
    fc.property(text, (model) => {
      expect(parseRecord(Buffer.from(bytesOf({ model }))).model).toBe(model);
    }),
  );
});

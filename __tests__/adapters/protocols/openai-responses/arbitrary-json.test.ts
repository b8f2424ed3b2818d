import fc from "fast-check";
import { openaiResponses } from "../../../../adapters/protocols/openai-responses";
import { Denial } from "../../../../lib/denial";
import type { JsonObject, JsonValue } from "../../../../lib/json";

const { readJson, withholdJson, openSse } = openaiResponses.response;
const MARK = "~secret~";

const words = fc.constantFrom(
  ...["message", "reasoning", "function_call", "mcp_call", "output_text", "response", "list", "response.compaction"],
  ...[
    "response.created",
    "response.output_item.added",
    "response.content_part.added",
    "response.failed",
    "error",
    MARK,
  ],
);
const names = fc.constantFrom(
  ...["type", "object", "id", "role", "content", "text", "input", "output", "tools", "data", "item", "part", "delta"],
  ...[
    "response",
    "error",
    "message",
    "arguments",
    "summary",
    "logprobs",
    "__proto__",
    "constructor",
    "previous_response_id",
  ],
  ...[
    "output_index",
    "content_index",
    "sequence_number",
    "metadata",
    "instructions",
    "conversation",
    "prompt",
    "variables",
  ],
);
const { value: json } = fc.letrec<{ value: JsonValue; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(words, fc.constantFrom<JsonValue>(null, true, 0, 1)),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
  ),
  object: fc.array(fc.tuple(names, tie("value")), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
}));
const object = fc
  .array(fc.tuple(names, json), { maxLength: 6 })
  .map((entries): JsonObject => Object.fromEntries(entries));

describe("Whatever JSON comes", () => {
  it("a request is read, or refused with a Denial", () => {
    fc.assert(
      fc.property(object, fc.constantFrom(...openaiResponses.operations), (value, operation) => {
        const body = { bytes: new Uint8Array(), value: { ...value, model: "m" } };
        openaiResponses.toolRequests(body, operation);
        try {
          openaiResponses.parse(body, operation);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Denial);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("an answer is read, and withheld without what it said", () => {
    fc.assert(
      fc.property(json, (value) => {
        readJson(value);
        expect(JSON.stringify(withholdJson(value))).not.toMatch(/"(text|content|arguments|instructions)":"~secret~"/);
      }),
      { numRuns: 1000 },
    );
  });

  it("a stream is read and can be ended either way", () => {
    fc.assert(
      fc.property(fc.array(json, { maxLength: 6 }), (events) => {
        const session = openSse();
        for (const data of events) session.read({ event: null, data: "", raw: null }, data);
        for (const event of session.withhold()) expect(() => JSON.parse(event.data ?? "") as unknown).not.toThrow();
      }),
      { numRuns: 1000 },
    );
    expect(({} as Record<string, unknown>)["type"]).toBeUndefined();
  });
});

import fc from "fast-check";
import { anthropicMessages } from "../../../adapters/protocols/anthropic-messages";
import { openaiChat } from "../../../adapters/protocols/openai-chat";
import { Denial } from "../../../lib/denial";
import { sseEvent } from "../../../lib/http/sse";
import { isJsonObject, type JsonValue } from "../../../lib/json";
import { valueAt } from "../../../adapters/protocols/value-at";
import type { Protocol, TextSpan } from "../../../lib/ports/protocol";

/** The words that the dialects look for, so that arbitrary values reach deep into the maps. */
const WORDS =
  `model messages content role user assistant tool type text image document source thinking tool_use tool_result input
  tool_calls function custom arguments choices message delta index logprobs refusal usage content_block content_block_start
  content_block_delta message_start message_delta text_delta input_json_delta citations_delta citation tools error id`.split(
    /\s+/,
  );
const word = fc.constantFrom(...WORDS);

const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 5 },
    fc.oneof(word, fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie("json"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(word, fc.string()), tie("json"), { maxKeys: 6 }),
  ),
}));

describe.each([openaiChat, anthropicMessages])("Arbitrary JSON on $name", (protocol: Protocol) => {
  it("is read as an answer without a throw or a change, each span being the string at its path", () => {
    check(json, (value) => {
      expectFaithful(value, protocol.response.readJson(value).spans);
    });
  });

  it("is withheld without a throw, leaving nothing to scan that was in choices or content", () => {
    check(json, (value) => {
      const withheld = protocol.response.withholdJson(value);
      expect(protocol.response.readJson(withheld).spans).toEqual([]);
      expect(protocol.response.readJson(withheld).toolCalls).toEqual([]);
    });
  });

  it("is read as events without a throw, and the stream can end at any point", () => {
    check(fc.array(json, { maxLength: 5 }), (values) => {
      const session = protocol.response.openSse();
      for (const value of values) {
        const { spans } = session.read(sseEvent(null, JSON.stringify(value)), value);
        expectFaithful(value, spans);
      }
      expect(session.withhold().length).toBeGreaterThan(0);
      expect(session.withhold(true).length).toBeGreaterThan(0);
    });
  });

  it("is parsed or denied, never anything else, and judged for tools without a throw", () => {
    const [operation] = protocol.operations;
    if (operation === undefined) throw new Error("no operation");
    check(fc.dictionary(word, json), (value) => {
      if (!isJsonObject(value)) return;
      const document = { bytes: new Uint8Array(), value: { model: "m", messages: [{ ...value }], ...value } };
      protocol.toolRequests(document, operation);
      try {
        expectFaithful(document.value, protocol.parse(document, operation).spans);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(Denial);
      }
    });
  });
});

/** Texts are what stands at their path; names are names there. */
function expectFaithful(value: JsonValue, spans: readonly TextSpan[]): void {
  for (const { path, text, names, rewritable } of spans) {
    const found = valueAt(value, path);
    if (names !== true) expect(found).toBe(text);
    else
      expect([JSON.stringify(found).includes(JSON.stringify(text.split("\0")[0])), rewritable]).toEqual([true, false]);
  }
}

/** Runs the claim on many values, each of which must be the same afterwards. */
function check<T>(arbitrary: fc.Arbitrary<T>, claim: (value: T) => void): void {
  fc.assert(
    fc.property(arbitrary, (value) => {
      const before = JSON.stringify(value);
      claim(value);
      expect(JSON.stringify(value)).toBe(before);
    }),
    { numRuns: 100 },
  );
}

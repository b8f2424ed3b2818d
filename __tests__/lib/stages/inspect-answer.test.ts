import fc from "fast-check";
import { anthropicMessages } from "../../../adapters/protocols/anthropic-messages";
import { openaiChat } from "../../../adapters/protocols/openai-chat";
import { openaiResponses } from "../../../adapters/protocols/openai-responses";
import { createSseParser, eventBytes } from "../../../lib/http/sse";
import type { JsonValue } from "../../../lib/json";
import type { Protocol } from "../../../lib/ports/protocol";
import {
  inspectEvents,
  inspectJsonAnswer,
  inspectPlainAnswer,
  type EventRead,
} from "../../../lib/stages/inspect-answer";
import { CARD, engineOf, living, policyOf } from "../../support/dlp";

const engine = engineOf();
const policy = engine.policyFor("response", [
  policyOf({ response: { EMAIL_ADDRESS: "redact", CREDIT_CARD: "redact", PRIVATE_KEY: "block" } }),
]);
const KEY = "-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQEA7bq8\n-----END PRIVATE KEY-----";

describe("a JSON answer", () => {
  async function inspected(json: string, protocol: Protocol = openaiChat) {
    const bytes = Buffer.from(json);
    const content = protocol.response.readJson(JSON.parse(json) as JsonValue);
    const answer = await inspectJsonAnswer(bytes, content, policy, engine, living());
    return { ...answer, same: answer.bytes === bytes, text: answer.bytes && Buffer.from(answer.bytes).toString() };
  }
  const chat = (content: string, rest = "") =>
    `{"id":"c", "created":1e3,"choices":[{"index":0,"message":{"role":"assistant","content":${JSON.stringify(content)}}${rest}}]}`;

  test("without findings is the same bytes", async () => {
    expect(await inspected(chat("fine"))).toMatchObject({ same: true, blockedBy: null, report: { outcome: "clean" } });
  });

  test("changes in its redacted texts alone", async () => {
    expect((await inspected(chat("to a@b.co"))).text).toBe(chat("to [EMAIL_ADDRESS]"));
  });

  test("loses the log-probabilities beside a changed text, and no others", async () => {
    const logprobs = ',"logprobs":{"content":[{"token":"a@b.co","bytes":[97]}],"refusal":null}';
    expect((await inspected(chat("a@b.co", logprobs))).text).toBe(
      chat("[EMAIL_ADDRESS]", ',"logprobs":{"content":[],"refusal":null}'),
    );
    expect((await inspected(chat("fine", logprobs))).text).toBe(chat("fine", logprobs));
  });

  test("has no bytes when it is blocked", async () => {
    expect(await inspected(chat(KEY))).toMatchObject({ blockedBy: "PRIVATE_KEY", bytes: null });
  });
});

describe("an answer in no dialect", () => {
  const inspected = (bytes: Uint8Array, under = policy) => inspectPlainAnswer(bytes, under, engine, living());

  test("is one text", async () => {
    const { bytes } = await inspected(Buffer.from("\ufeff<p>a@b.co</p>"));
    expect(Buffer.from(bytes ?? []).toString()).toBe("\ufeff<p>[EMAIL_ADDRESS]</p>");
  });

  test("without findings is the same bytes", async () => {
    const bytes = Buffer.from("\ufefffine");
    expect((await inspected(bytes)).bytes).toBe(bytes);
  });

  test("that is not UTF-8 counts as a document that cannot be read", async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x61]);
    expect(await inspected(bytes)).toMatchObject({ blockedBy: "uninspectable", bytes: null });
    const allows = engine.policyFor("response", [
      policyOf({ response: { EMAIL_ADDRESS: "redact" }, uninspectable: "allow" }),
    ]);
    expect(await inspected(bytes, allows)).toMatchObject({ blockedBy: null, report: { outcome: "notScanned" } });
  });
});

describe("a stream that was collected", () => {
  function read(bytes: string, protocol: Protocol): EventRead[] {
    const parser = createSseParser({ maxEventBytes: 1 << 20 });
    const session = protocol.response.openSse();
    return [...parser.push(Buffer.from(bytes)), ...parser.end()].map((event) => {
      let data: JsonValue | null = null;
      try {
        data = JSON.parse(event.data ?? "") as JsonValue;
      } catch {
        // Not JSON.
      }
      return { event, data, content: session.read(event, data) };
    });
  }
  const inspected = (bytes: string, protocol: Protocol) =>
    inspectEvents(read(bytes, protocol), policy, engine, living());
  const written = (events: readonly EventRead[]) =>
    Buffer.concat(events.map(({ event }) => eventBytes(event))).toString();

  const event = (data: object | string, name?: string) =>
    `${name === undefined ? "" : `event: ${name}\n`}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
  const chatDelta = (content: string, index = 0) => event({ id: "c", choices: [{ index, delta: { content } }] });
  const DONE = "data: [DONE]\n\n";

  test("without findings keeps every byte", async () => {
    const bytes = `: hi\r\n\r\n${chatDelta("fi")}data:{"choices": [ ]}\n\n${chatDelta("ne")}${DONE}`;
    const { events } = await inspected(bytes, openaiChat);
    expect(written(events)).toBe(bytes);
  });

  test("is redacted across its deltas, channel by channel, and nowhere else", async () => {
    const bytes = [chatDelta("to ali"), chatDelta("bob@x", 1), chatDelta("ce@example.com!"), chatDelta(".co", 1), DONE];
    const { events, blockedBy } = await inspected(bytes.join(""), openaiChat);
    expect(blockedBy).toBeNull();
    expect(written(events)).toBe(
      [chatDelta("to [EMAIL_ADDRESS]"), chatDelta("[EMAIL_ADDRESS]", 1), chatDelta("!"), chatDelta("", 1), DONE].join(
        "",
      ),
    );
  });

  test("has no events when it is blocked", async () => {
    const bytes = [...KEY].map((character) => chatDelta(character)).join("");
    expect(await inspected(bytes, openaiChat)).toMatchObject({ blockedBy: "PRIVATE_KEY", events: [] });
  });

  test("of Responses is redacted in every copy that repeats the text", async () => {
    const part = (text: string) => ({ type: "output_text", text, annotations: [], logprobs: [{ token: text }] });
    const item = (text: string) => ({ id: "m", type: "message", role: "assistant", content: [part(text)] });
    const at = { item_id: "m", output_index: 0, content_index: 0 };
    const events = [
      { type: "response.output_text.delta", ...at, delta: "mail alice@exa", logprobs: [{ token: "alice@exa" }] },
      { type: "response.output_text.delta", ...at, delta: "mple.com", logprobs: [] },
      { type: "response.output_text.done", ...at, text: "mail alice@example.com", logprobs: [] },
      { type: "response.content_part.done", ...at, part: part("mail alice@example.com") },
      { type: "response.output_item.done", output_index: 0, item: item("mail alice@example.com") },
      {
        type: "response.completed",
        response: { id: "resp_1", object: "response", status: "completed", output: [item("mail alice@example.com")] },
      },
    ];
    const bytes = events.map((data) => event(data, data.type)).join("");
    const answer = written((await inspected(bytes, openaiResponses)).events);
    expect(answer).not.toContain("alice");
    expect(answer).not.toContain("example.com");
    expect(answer.match(/mail \[EMAIL_ADDRESS\]/g)).toHaveLength(5);
  });

  test("of Messages keeps tool arguments JSON", async () => {
    const start = event(
      { type: "content_block_start", index: 0, content_block: { type: "tool_use", id: "t", name: "send", input: {} } },
      "content_block_start",
    );
    const delta = (json: string) =>
      event(
        { type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json: json } },
        "content_block_delta",
      );
    const bytes = [start, delta('{"to":"ali'), delta('ce@example.com","c":4111'), delta("111111111111}")].join("");
    const { events } = await inspected(bytes, anthropicMessages);
    const json = events.flatMap(({ event: { data } }) => {
      const sent = JSON.parse(data ?? "{}") as { delta?: { partial_json?: string } };
      return sent.delta?.partial_json ?? [];
    });
    expect(JSON.parse(json.join(""))).toEqual({ to: "[EMAIL_ADDRESS]", c: "[CREDIT_CARD]" });
  });

  test("of data that is no JSON is read as it is", async () => {
    const { events } = await inspected(`${event("hello a@b.co")}${DONE}`, openaiChat);
    expect(written(events)).toBe(`${event("hello [EMAIL_ADDRESS]")}${DONE}`);
  });

  test("gives what one scan of the whole gives, however it is cut into deltas", async () => {
    const piece = fc.oneof(
      fc.constantFrom("alice@example.com", CARD, " ", "text", "😀", '"\\'),
      fc.string({ maxLength: 4 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        async (pieces, cuts) => {
          const text = pieces.join(" ; ");
          const places = [
            0,
            ...cuts.map((cut) => cut % (text.length + 1)).sort((one, other) => one - other),
            text.length,
          ];
          const deltas = places.slice(1).map((end, index) => chatDelta(text.slice(places[index], end)));
          const { events } = await inspected(deltas.join(""), openaiChat);
          const sent = events.map(({ event: { data } }) => {
            const chunk = JSON.parse(data ?? "{}") as { choices: [{ delta: { content: string } }] };
            return chunk.choices[0].delta.content;
          });
          const whole = await inspectPlainAnswer(Buffer.from(text), policy, engine, living());
          expect(Buffer.from(sent.join("")).toString()).toBe(Buffer.from(whole.bytes ?? []).toString());
        },
      ),
      { numRuns: 100 },
    );
  });
});

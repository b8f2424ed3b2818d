import fc from "fast-check";
import { anthropicMessages } from "../../../adapters/protocols/anthropic-messages";
import { openaiChat } from "../../../adapters/protocols/openai-chat";
import { openaiResponses } from "../../../adapters/protocols/openai-responses";
import { builtInDetectors } from "../../../adapters/detectors/built-in";
import { eventBytes } from "../../../lib/http/sse";
import type { DlpPolicy } from "../../../lib/dlp/policy";
import type { Protocol } from "../../../lib/ports/protocol";
import type { Delivery } from "../../../lib/stages/answer/answer-call";
import { heldSteps } from "../../../lib/stages/answer/held-steps";
import { armoured, CARD, engineOf, living, policyOf } from "../../support/dlp";
import { DIALECTS, type Dialect } from "../../support/dialects";

const engine = engineOf({ detectors: builtInDetectors().filter(({ maxLength }) => maxLength !== undefined) });
const REDACT = policyOf({ response: { EMAIL_ADDRESS: "redact", CREDIT_CARD: "redact", PRIVATE_KEY: "block" } });
const PROTOCOLS: Readonly<Record<Dialect["name"], Protocol>> = {
  chat: openaiChat,
  responses: openaiResponses,
  messages: anthropicMessages,
};

interface Heard {
  /** The stream as the client gets it. */
  readonly text: string;
  /** What had been sent when each event of the upstream was asked for. */
  readonly before: readonly string[];
  readonly thrown: unknown;
  readonly delivery: Delivery;
}

/** Pulls a stream through the hold-back as a client would; `events` may be a stream that takes its time. */
async function heard(
  protocol: Protocol,
  events: readonly string[] | AsyncIterable<string>,
  {
    policy = REDACT,
    answerBytes = 1 << 20,
    by = engine,
  }: { policy?: DlpPolicy; answerBytes?: number; by?: typeof engine } = {},
): Promise<Heard> {
  let text = "";
  const before: string[] = [];
  async function* body() {
    for await (const event of events) {
      before.push(text);
      yield Buffer.from(event);
    }
  }
  const delivery = {
    call: { protocol, signal: living() },
    answer: { body: body() },
    policy: by.policyFor("response", [policy]),
    tokens: null,
    deps: { engine: by, answerBytes, withholdsToolCalls: () => false },
    learnt: { usage: null, dlp: null, withheldBy: null, remembered: false },
  } as unknown as Delivery;
  let thrown: unknown = null;
  try {
    for await (const step of heldSteps(delivery, protocol.response.openSse())) {
      const sent = "withheld" in step ? step.withheld : [step.event];
      text += Buffer.concat(sent.map(eventBytes)).toString();
    }
  } catch (error) {
    thrown = error;
  }
  return { text, before, thrown, delivery };
}

const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const chat = (delta: object, finish: string | null = null, index = 0): string =>
  data({ id: "c", object: "chat.completion.chunk", choices: [{ index, delta, finish_reason: finish }] });
const DONE = "data: [DONE]\n\n";

describe.each(DIALECTS)("$name", (dialect) => {
  const protocol = PROTOCOLS[dialect.name];

  test("passes a stream without findings byte for byte, comments and odd framing included, and none of it late", async () => {
    const events = [": hello\r\n\r\n", ...dialect.events("no", "thing ", "here ", "at all. ")];
    const { text, before } = await heard(protocol, events);
    expect(text).toBe(events.join(""));
    expect(before.at(-1)).toBe(events.slice(0, -1).join(""));
  });

  test("delivers of random deltas what one inspection of the text gives", async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "alice@example.com",
        CARD,
        "4111 1111 1111 1111",
        " ",
        ", ",
        "-",
        "text ",
        "😀",
        '"\\\n',
        "@",
        "4111 ",
      ),
      fc.string({ maxLength: 4 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }),
        async (pieces, lengths) => {
          const said = pieces.join("");
          const { text } = await heard(protocol, dialect.events(...cutInto(said, lengths)));
          const span = { path: [], role: "assistant", text: said, rewritable: true } as const;
          const whole = await engine.inspect([span], [], engine.policyFor("response", [REDACT]), living());
          expect(deltasOf(dialect, text)).toBe(whole.edits[0]?.text ?? said);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("ends as the content filter does at a blocked finding, and closes only what the client saw open", async () => {
    const events = dialect.events("see ", ...(armoured("PRIVATE KEY").match(/[^]{1,9}/g) ?? []), " there");
    const { text, delivery } = await heard(protocol, events);
    expect(deltasOf(dialect, text)).toBe("see ");
    expect(text).toMatch(dialect.withheld.streamed);
    expect(delivery.learnt).toMatchObject({
      withheldBy: "PRIVATE_KEY",
      dlp: { outcome: "blocked", findings: { PRIVATE_KEY: 1 }, releasedBeforeBlock: 4 },
    });
  });

  test("delivers what came before a stream broke, and says so", async () => {
    async function* breaking() {
      yield* dialect.events("to alice@exam", "ple.com").slice(0, -1);
      await Promise.reject(new Error("reset"));
    }
    const { text, thrown } = await heard(protocol, breaking());
    expect(deltasOf(dialect, text)).toBe("to [EMAIL_ADDRESS]");
    expect(thrown).toMatchObject({ message: "reset" });
  });

  test("lets nothing more go when a detector fails", async () => {
    const failing = engineOf({
      detectors: [
        {
          name: "remote",
          entities: ["REMOTE"],
          maxLength: 1,
          detect: (text) => (text.includes("boom") ? Promise.reject(new Error("alice@example.com")) : []),
        },
      ],
    });
    const policy = policyOf({ response: { REMOTE: "redact" } });
    const { text, thrown } = await heard(protocol, dialect.events("fine ", "boom ", "more"), { policy, by: failing });
    expect(deltasOf(dialect, text)).toBe("");
    expect(thrown).toMatchObject({ code: "dlp_unavailable" });
  });

  test("says that it is alive while text is held, in words that clients skip", async () => {
    async function* slow() {
      for (const event of dialect.events("4111 ", "1111")) {
        yield event;
        if (event.includes('"1111"')) await new Promise((resolve) => setTimeout(resolve, 1_300));
      }
    }
    const { text } = await heard(protocol, slow());
    const ping = Buffer.from(eventBytes(protocol.response.keepAlive)).toString();
    expect(text.split(ping)).toHaveLength(2);
    expect(text.replace(ping, "")).toBe(dialect.events("4111 ", "1111").join(""));
  });

  test("holds no more than it may", async () => {
    const { thrown } = await heard(protocol, dialect.events("4".repeat(200), "4".repeat(200)), { answerBytes: 380 });
    expect(thrown).toMatchObject({ code: "upstream_unavailable" });
  });
});

describe("a chat completion", () => {
  test("lets thoughts and words take turns: neither waits for the other's last word", async () => {
    const events = [
      chat({ role: "assistant", content: "" }),
      chat({ reasoning_content: "hm, alice@" }),
      chat({ content: "Hello " }),
      chat({ content: "wor" }),
      chat({ reasoning_content: "example.com?" }),
      chat({ content: "ld. " }),
      chat({}, "stop"),
      DONE,
    ];
    const { text, before } = await heard(openaiChat, events);
    expect(before[3]).toContain("Hello ");
    expect(before[6]).toContain("ld. ");
    const chunks = text.split("\n").filter((line) => line.startsWith("data: {"));
    const joined = (field: string): string =>
      chunks
        .map((line) => JSON.parse(line.slice(6)) as { choices: [{ delta: Record<string, string> }] })
        .map(({ choices }) => choices[0].delta[field] ?? "")
        .join("");
    expect([joined("content"), joined("reasoning_content")]).toEqual(["Hello world. ", "hm, [EMAIL_ADDRESS]?"]);
    expect(text.endsWith(DONE)).toBe(true);
  });

  test("keeps choices apart", async () => {
    const events = [
      chat({ content: "to ali" }),
      chat({ content: "bob@x" }, null, 1),
      chat({ content: "ce@example.com" }),
      chat({ content: ".co" }, null, 1),
      chat({}, "stop"),
      chat({}, "stop", 1),
      DONE,
    ];
    const { text } = await heard(openaiChat, events);
    expect(text).toContain(chat({ content: "to [EMAIL_ADDRESS]" }));
    expect(text).toContain(chat({ content: "[EMAIL_ADDRESS]" }, null, 1));
    expect(text).not.toMatch(/alice|bob/);
  });

  test("holds a tool's arguments until they are complete, and keeps them JSON", async () => {
    const call = (json: string) => chat({ tool_calls: [{ index: 0, function: { arguments: json } }] });
    const events = [
      call('{"to":"ali'),
      call('ce@example.com","n":4111'),
      call("111111111111}"),
      chat({}, "tool_calls"),
      DONE,
    ];
    const { text, before } = await heard(openaiChat, events);
    expect(before[3]).toBe("");
    const pieces = [...text.matchAll(/"arguments":("(?:[^"\\]|\\.)*")/g)].map(
      ([, json = ""]) => JSON.parse(json) as string,
    );
    expect(JSON.parse(pieces.join(""))).toEqual({ to: "[EMAIL_ADDRESS]", n: "[CREDIT_CARD]" });
  });
});

test("a Messages stream keeps signed thinking byte for byte, and counts what was found in it", async () => {
  const named = (value: { readonly type: string; readonly [member: string]: unknown }) =>
    `event: ${value.type}\n${data(value)}`;
  const delta = (value: object) => named({ type: "content_block_delta", index: 0, delta: value });
  const events = [
    named({
      type: "content_block_start",
      index: 0,
      content_block: { type: "thinking", thinking: "", signature: "" },
    }),
    delta({ type: "thinking_delta", thinking: "ask alice@" }),
    delta({ type: "thinking_delta", thinking: "example.com" }),
    delta({ type: "signature_delta", signature: "c2lnbmVk" }),
    named({ type: "content_block_stop", index: 0 }),
    named({ type: "message_stop" }),
  ];
  const { text, delivery } = await heard(anthropicMessages, events, {
    policy: policyOf({ response: { EMAIL_ADDRESS: "redact" } }),
  });
  expect(text).toBe(events.join(""));
  expect(delivery.learnt.dlp).toMatchObject({ notRewritten: 1, findings: { EMAIL_ADDRESS: 1 } });
});

test("a Responses stream has its closing copies changed alike", async () => {
  const dialect = DIALECTS.find(({ name }) => name === "responses");
  const { text } = await heard(openaiResponses, dialect?.events("mail alice@exa", "mple.com ", "ok") ?? []);
  expect(text).not.toMatch(/alice|mple\.com/);
  expect(text.match(/"mail \[EMAIL_ADDRESS\] ok"/g)).toHaveLength(1);
});

function cutInto(text: string, lengths: readonly number[]): string[] {
  const deltas: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? 1;
    deltas.push(text.slice(at, at + length));
    at += length;
  }
  return deltas;
}

type Chunk = Record<string, Record<string, string> & Record<number, { delta?: { content?: string } }>> & {
  type?: string;
};

/** The text of all deltas, joined as a client does. */
function deltasOf(dialect: Dialect, stream: string): string {
  const chunks = stream
    .split("\n")
    .filter((line) => line.startsWith("data: {"))
    .map((line) => JSON.parse(line.slice(6)) as Chunk);
  const texts: Record<Dialect["name"], (chunk: Chunk) => unknown> = {
    chat: (chunk) => chunk["choices"]?.[0]?.delta?.content,
    responses: (chunk) => (chunk.type === "response.output_text.delta" ? chunk["delta"] : ""),
    messages: (chunk) => chunk["delta"]?.["text"],
  };
  return chunks.map((chunk) => texts[dialect.name](chunk) ?? "").join("");
}

import { chat, messages, responses, type Dialect } from "../support/dialects";
import { check } from "../support/http-check";
import { dlp, HOUSE } from "../support/house-policy";
import { openSite, type Site } from "../support/site";

const CARD = "4111 1111 1111 1111";
const POLICY = { ...HOUSE, dlp: dlp({ response: { CREDIT_CARD: "redact" } }) };
const PIECES = ["card 4111 11", "11 1111 ", "1111 ok"];

const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
const events = (...values: readonly object[]): string => values.map(data).join("");

const choice = (said: object): object => ({
  id: "c",
  object: "chat.completion.chunk",
  choices: [{ index: 0, ...said }],
});
const chunks = (say: (text: string, at: number) => object): string =>
  `${events(...PIECES.map((text, at) => choice(say(text, at))), choice({ delta: {}, finish_reason: "stop" }))}data: [DONE]\n\n`;

const spelt = (text: string): object[] =>
  [...text].map((token) => ({ token, logprob: 0, bytes: [token.charCodeAt(0)] }));

const block = (say: (text: string) => object, stop: object): string =>
  events(
    { type: "message_start", message: messages.answer("", { content: [], stop_reason: null }) },
    { type: "content_block_start", ...stop, content_block: { type: "text", text: "" } },
    ...PIECES.map((text) => ({ type: "content_block_delta", ...say(text) })),
    { type: "content_block_stop", ...stop },
    { type: "message_stop" },
  );

const items = (type: string, done: object = {}): string =>
  events(
    ...PIECES.map((delta) => ({ type: `${type}.delta`, item_id: "i", output_index: 0, delta })),
    { type: `${type}.done`, item_id: "i", output_index: 0, ...done },
    { type: "response.completed", response: { id: "resp_1", object: "response", status: "completed", output: [] } },
  );

const CASES: readonly (readonly [what: string, dialect: Dialect, stream: string])[] = [
  [
    "chunks that each say they are the last",
    chat,
    chunks((content) => ({ delta: { content }, finish_reason: "stop" })),
  ],
  ["chunks whose reason is empty", chat, chunks((content) => ({ delta: { content }, finish_reason: "" }))],
  ["the text of old completions", chat, chunks((text) => ({ text }))],
  ["lists of parts", chat, chunks((text) => ({ delta: { content: [{ type: "text", text }] } }))],
  [
    "lists of parts, and of several in one chunk",
    chat,
    chunks((text) => ({ delta: { content: [...text].map((sign) => ({ type: "text", text: sign })) } })),
  ],
  [
    "texts and lists of parts in turn",
    chat,
    chunks((text, at) => ({ delta: { content: at % 2 === 0 ? text : [{ type: "text", text }] } })),
  ],
  ["choices numbered in words", chat, chunks((content) => ({ index: "0", delta: { content } }))],
  ["reasoning", chat, chunks((reasoning) => ({ delta: { reasoning } }))],
  ["reasoning content", chat, chunks((reasoning_content) => ({ delta: { reasoning_content } }))],
  ["a transcript", chat, chunks((transcript) => ({ delta: { audio: { id: "a", transcript } } }))],
  ["a refusal", chat, chunks((refusal) => ({ delta: { refusal } }))],
  [
    "reasoning with its log-probabilities",
    chat,
    chunks((reasoning) => ({ delta: { reasoning }, logprobs: { content: spelt(reasoning) } })),
  ],
  [
    "calls with their log-probabilities",
    chat,
    chunks((text, at) => {
      const part = `${at === 0 ? '{"a":"' : ""}${text}${at === 2 ? '"}' : ""}`;
      return {
        delta: { tool_calls: [{ index: 0, id: "c", type: "function", function: { name: "f", arguments: part } }] },
        logprobs: { content: spelt(part) },
      };
    }),
  ],
  ["old log-probabilities", chat, chunks((content) => ({ delta: { content }, logprobs: { tokens: [...content] } }))],
  ["deltas without an index", messages, block((text) => ({ delta: { type: "text_delta", text } }), {})],
  [
    "deltas with an index in words",
    messages,
    block((text) => ({ index: "0", delta: { type: "text_delta", text } }), { index: "0" }),
  ],
  ["an event of no known name", responses, items("response.strange_text", { text: PIECES.join("") })],
  ["reasoning under its old name", responses, items("response.reasoning_summary", { text: PIECES.join("") })],
  ["code under its old name", responses, items("response.code_interpreter_call.code", { code: PIECES.join("") })],
];

/** Every string in the data of a stream. */
function stringsIn(stream: string): readonly string[] {
  const strings: string[] = [];
  for (const [, json = ""] of stream.matchAll(/^data: (\{.*)$/gm)) {
    JSON.parse(json, (_name, value: unknown) => (typeof value === "string" ? strings.push(value) : value));
  }
  return strings;
}

describe("what deltas split, in the words of odd providers", () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({ policy: POLICY });
    site.keepSecret(CARD);
  });
  afterAll(() => site.close());

  it.each(CASES)("is found in %s", async (_what, dialect, stream) => {
    site.upstream.next((_req, res) => void res.writeHead(200, { "content-type": "text/event-stream" }).end(stream));
    const { text } = await check(site, { dialect, as: "alice", with: { store: false, stream: true } }, {});
    expect(stringsIn(text).join("").replaceAll(" ", "")).not.toContain("1111");
    expect(text).toContain("[CREDIT_CARD]");
    expect(text).toContain(dialect.cleanEnd.replace(/^event: /, ""));
  });
});

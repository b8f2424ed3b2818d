import { MODEL, ANTHROPICS } from "../support/official-clients";
import OpenAI from "openai";
import { dlp, HOUSE, model } from "../support/house-policy";
import { streamed, type Script } from "../support/scripted-upstream";
import { openSite, type Site } from "../support/site";

const MAIL = "carol.jones@example.org";
const CARD = "4111 1111 1111 1111";
const CLAUDE = "gpt-claude";
/** Carol's address goes out as a token and comes back as itself; a card of the model's own is redacted. */
const POLICY = {
  ...HOUSE,
  models: [...HOUSE.models, model(CLAUDE)],
  dlp: dlp({ request: { EMAIL_ADDRESS: "tokenize" }, response: { CREDIT_CARD: "redact", EMAIL_ADDRESS: "redact" } }),
};

const TOKEN = /EMAIL_ADDRESS_[0-9a-hjkmnp-tv-z]{10}/;
const letters = (text: string): string[] => text.match(/[^]{1,3}/g) ?? [];
const said = (token: string): string => `Mail ${token}, not eve@example.net; card ${CARD}.`;
const SAID = `Mail ${MAIL}, not [EMAIL_ADDRESS]; card [CREDIT_CARD].`;
const argumentsWith = (token: string): string => JSON.stringify({ to: token, note: `a "quoted" ${token}`, n: 1.5 });
const ARGUMENTS = { to: MAIL, note: `a "quoted" ${MAIL}`, n: 1.5 };

/** A model that answers with the token it was given, in any dialect's events. */
const answering =
  (events: (token: string) => readonly string[]): Script =>
  (req, res, seen) => {
    const token = TOKEN.exec(seen.body.toString())?.[0];
    streamed(events(token ?? "no token"))(req, res, seen);
  };

const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
const named = (value: { readonly type: string; readonly [member: string]: unknown }): string =>
  `event: ${value.type}\n${data(value)}`;

describe("official clients behind a policy with tokens", () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({ policy: POLICY });
    for (const secret of [MAIL, CARD, "eve@example.net"]) site.keepSecret(secret);
  });
  afterAll(() => site.close());

  const openai = async (): Promise<OpenAI> =>
    new OpenAI({ baseURL: `http://127.0.0.1:${site.port}/v1`, apiKey: await site.key("alice") });

  afterEach(async () => {
    const sent = site.upstream.calls.at(-1)?.body.toString() ?? "";
    expect([sent.includes("carol"), TOKEN.test(sent)]).toEqual([false, true]);
    const record = (await site.trail()).at(-1);
    expect(record?.dlp?.request).toMatchObject({ outcome: "tokenized", findings: { EMAIL_ADDRESS: 1 } });
    expect(record?.dlp?.response).toMatchObject({
      outcome: "redacted",
      findings: { CREDIT_CARD: 1, EMAIL_ADDRESS: 1 },
    });
  });

  test("chat completions: text and tool calls of a stream", async () => {
    const chunk = (delta: object, finish: string | null = null) =>
      data({
        id: "c",
        object: "chat.completion.chunk",
        created: 1,
        model: MODEL,
        choices: [{ index: 0, delta, finish_reason: finish }],
      });
    const call = (more: object) => chunk({ tool_calls: [{ index: 0, ...more }] });
    site.upstream.next(
      answering((token) => [
        chunk({ role: "assistant", content: "" }),
        ...letters(said(token)).map((content) => chunk({ content })),
        call({ id: "call_1", type: "function", function: { name: "send", arguments: "" } }),
        ...letters(argumentsWith(token)).map((json) => call({ function: { arguments: json } })),
        chunk({}, "tool_calls"),
        "data: [DONE]\n\n",
      ]),
    );
    const client = await openai();
    const stream = client.chat.completions.stream({
      model: MODEL,
      messages: [{ role: "user", content: `write to ${MAIL}` }],
    });
    const { message } = (await stream.finalChatCompletion()).choices[0] ?? {};
    expect(message?.content).toBe(SAID);
    const [made] = message?.tool_calls ?? [];
    expect(made?.type === "function" && JSON.parse(made.function.arguments)).toEqual(ARGUMENTS);
  });

  test("Responses: deltas and every copy of them", async () => {
    const at = { item_id: "m", output_index: 0, content_index: 0 };
    let sequence = 0;
    const event = (type: string, more: object) => named({ type, sequence_number: sequence++, ...more });
    const response = (status: string, output: readonly object[]) => ({
      response: { id: "resp_1", object: "response", created_at: 1, status, model: MODEL, output, error: null },
    });
    const calls = { item_id: "f", output_index: 1 };
    site.upstream.next(
      answering((token) => {
        const text = said(token);
        const part = { type: "output_text", text, annotations: [] };
        const item = { id: "m", type: "message", role: "assistant", status: "completed", content: [part] };
        const call = {
          id: "f",
          type: "function_call",
          call_id: "c",
          name: "send",
          arguments: "",
          status: "in_progress",
        };
        const called = { ...call, arguments: argumentsWith(token), status: "completed" };
        return [
          event("response.created", response("in_progress", [])),
          event("response.output_item.added", {
            output_index: 0,
            item: { ...item, status: "in_progress", content: [] },
          }),
          event("response.content_part.added", { ...at, part: { ...part, text: "" } }),
          ...letters(text).map((delta) => event("response.output_text.delta", { ...at, delta, logprobs: [] })),
          event("response.output_text.done", { ...at, text, logprobs: [] }),
          event("response.content_part.done", { ...at, part }),
          event("response.output_item.done", { output_index: 0, item }),
          event("response.output_item.added", { output_index: 1, item: call }),
          ...letters(called.arguments).map((delta) =>
            event("response.function_call_arguments.delta", { ...calls, delta }),
          ),
          event("response.function_call_arguments.done", { ...calls, name: "send", arguments: called.arguments }),
          event("response.output_item.done", { output_index: 1, item: called }),
          event("response.completed", response("completed", [item, called])),
        ];
      }),
    );
    const client = await openai();
    const deltas: string[] = [];
    const stream = client.responses.stream({ model: MODEL, input: `write to ${MAIL}`, store: false });
    stream.on("response.output_text.delta", ({ delta }) => void deltas.push(delta));
    const { output_text, output } = await stream.finalResponse();
    expect([deltas.join(""), output_text]).toEqual([SAID, SAID]);
    const call = output.find(({ type }) => type === "function_call");
    expect(call?.type === "function_call" && JSON.parse(call.arguments)).toEqual(ARGUMENTS);
  });

  test.each(ANTHROPICS)("%s: signed thinking as it came, text and tool input put back", async (_name, Client) => {
    const thinking = "They want mail to the address; I shall not name it.";
    const block = (index: number, content_block: object, deltas: readonly object[]) => [
      named({ type: "content_block_start", index, content_block }),
      ...deltas.map((delta) => named({ type: "content_block_delta", index, delta })),
      named({ type: "content_block_stop", index }),
    ];
    site.upstream.next(
      answering((token) => [
        named({
          type: "message_start",
          message: {
            ...{ id: "msg_1", type: "message", role: "assistant", model: CLAUDE, content: [] },
            ...{ stop_reason: null, stop_sequence: null, usage: { input_tokens: 1, output_tokens: 1 } },
          },
        }),
        ...block(0, { type: "thinking", thinking: "", signature: "" }, [
          ...letters(thinking).map((piece) => ({ type: "thinking_delta", thinking: piece })),
          { type: "signature_delta", signature: "c2lnbmVk" },
        ]),
        ...block(
          1,
          { type: "text", text: "" },
          letters(said(token)).map((text) => ({ type: "text_delta", text })),
        ),
        ...block(
          2,
          { type: "tool_use", id: "toolu_1", name: "send", input: {} },
          letters(argumentsWith(token)).map((partial_json) => ({ type: "input_json_delta", partial_json })),
        ),
        named({
          type: "message_delta",
          delta: { stop_reason: "tool_use", stop_sequence: null },
          usage: { output_tokens: 9 },
        }),
        named({ type: "message_stop" }),
      ]),
    );
    const client = new Client({
      baseURL: `http://127.0.0.1:${site.port}`,
      apiKey: await site.key("alice"),
      authToken: null,
    });
    const stream = client.messages.stream({
      ...{ model: CLAUDE, max_tokens: 64 },
      messages: [{ role: "user", content: `write to ${MAIL}` }],
    });
    expect((await stream.finalMessage()).content).toMatchObject([
      { type: "thinking", thinking, signature: "c2lnbmVk" },
      { type: "text", text: SAID },
      { type: "tool_use", input: ARGUMENTS },
    ]);
  });

  test("an answer in one piece, and a second turn with the same token", async () => {
    const tokens: (string | undefined)[] = [];
    const answer: Script = (_req, res, seen) => {
      const token = TOKEN.exec(seen.body.toString())?.[0];
      tokens.push(token);
      const message = { role: "assistant", content: said(token ?? ""), refusal: null };
      res.writeHead(200, { "content-type": "application/json" });
      res.end(
        JSON.stringify({
          id: "c",
          object: "chat.completion",
          created: 1,
          model: MODEL,
          choices: [{ index: 0, message, finish_reason: "stop" }],
        }),
      );
    };
    const client = await openai();
    site.upstream.next(answer);
    const asked = { role: "user", content: `write to ${MAIL}` } as const;
    const first = await client.chat.completions.create({ model: MODEL, messages: [asked] });
    expect(first.choices[0]?.message.content).toBe(SAID);
    site.upstream.next(answer);
    await client.chat.completions.create({ model: MODEL, messages: [asked] });
    expect(tokens[1]).toBe(tokens[0]);
  });
});

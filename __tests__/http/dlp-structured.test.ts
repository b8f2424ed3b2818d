import { DIALECTS, type Dialect } from "../support/dialects";
import { check, type Ask } from "../support/http-check";
import { dlp, HOUSE } from "../support/house-policy";
import { json, streamed } from "../support/scripted-upstream";
import { openSite, type Site } from "../support/site";

const MAIL = "carol@private.test";
const PASSWORD = "hunter2hunter2";
const SSN = "536904399";
const POLICY = {
  ...HOUSE,
  dlp: dlp({
    request: { GENERIC_SECRET: "redact", US_SSN: "redact", EMAIL_ADDRESS: "tokenize", CREDIT_CARD: "block" },
    response: { GENERIC_SECRET: "redact", US_SSN: "redact" },
  }),
} as const;
const LARGE = "12345678901234567890";

const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
const named = (value: { readonly type: string; readonly [member: string]: unknown }): string =>
  `event: ${value.type}\n${data(value)}`;
const letters = (text: string): string[] => text.match(/[^]{1,3}/g) ?? [];

/** How each dialect carries the arguments of a call, `given` as JSON. */
interface Calls {
  readonly ask: (dialect: Dialect, given: string) => string;
  readonly answer: (given: string) => string;
  readonly events: (given: string) => readonly string[];
}

const chunk = (delta: object, finish: string | null = null): string =>
  data({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason: finish }] }); // prettier-ignore
const asks = ({ ask }: Dialect, member: string, items: string): string =>
  JSON.stringify({ ...ask("x"), [member]: ["HERE"] }).replace('"HERE"', items);
const chatCall = (given: string) => ({ id: "f", type: "function", function: { name: "f", arguments: given } });
const functionCall = (given: string) => ({ type: "function_call", id: "f", call_id: "f", name: "f", arguments: given });
const toolUse = (given: string): string => `{"type":"tool_use","id":"f","name":"f","input":${given}}`;

const CALLS: Readonly<Record<Dialect["name"], Calls>> = {
  chat: {
    ask: (dialect, given) =>
      asks(dialect, "messages", JSON.stringify({ role: "assistant", content: null, tool_calls: [chatCall(given)] })),
    answer: (given) =>
      JSON.stringify({
        ...{ id: "c", object: "chat.completion", created: 1, model: "m" },
        choices: [{ index: 0, message: { role: "assistant", content: null, tool_calls: [chatCall(given)] }, finish_reason: "tool_calls" }], // prettier-ignore
      }),
    events: (given) => [
      chunk({ role: "assistant", tool_calls: [{ index: 0, ...chatCall("") }] }),
      ...letters(given).map((piece) => chunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] })),
      chunk({}, "tool_calls"),
      "data: [DONE]\n\n",
    ],
  },
  responses: {
    ask: (dialect, given) => asks(dialect, "input", JSON.stringify(functionCall(given))),
    answer: (given) => JSON.stringify({ id: "r", object: "response", status: "completed", model: "m", error: null, output: [functionCall(given)] }), // prettier-ignore
    events: (given) => {
      const at = { item_id: "f", output_index: 0 };
      const response = (status: string, output: readonly object[]) => ({ id: "r", object: "response", status, model: "m", error: null, output }); // prettier-ignore
      return [
        named({ type: "response.created", response: response("in_progress", []) }),
        named({ type: "response.output_item.added", output_index: 0, item: functionCall("") }),
        ...letters(given).map((delta) => named({ type: "response.function_call_arguments.delta", ...at, delta })),
        named({ type: "response.function_call_arguments.done", ...at, arguments: given }),
        named({ type: "response.output_item.done", output_index: 0, item: functionCall(given) }),
        named({ type: "response.completed", response: response("completed", [functionCall(given)]) }),
      ];
    },
  },
  messages: {
    ask: (dialect, given) => asks(dialect, "messages", `{"role":"assistant","content":[${toolUse(given)}]}`),
    answer: (given) =>
      `{"id":"m","type":"message","role":"assistant","model":"m","content":[${toolUse(given)}],"stop_reason":"tool_use"}`,
    events: (given) => [
      named({
        type: "message_start",
        message: { id: "m", type: "message", role: "assistant", model: "m", content: [] },
      }),
      named({
        type: "content_block_start",
        index: 0,
        content_block: { type: "tool_use", id: "f", name: "f", input: {} },
      }),
      ...letters(given).map((partial_json) =>
        named({ type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json } }),
      ),
      named({ type: "content_block_stop", index: 0 }),
      named({ type: "message_delta", delta: { stop_reason: "tool_use" } }),
      named({ type: "message_stop" }),
    ],
  },
};

const GIVEN = `{ "login": {"password":"${PASSWORD}"}, "ssn": ${SSN}, "n": ${LARGE}, "f": 1.0, "é": "\\u0041" }`;
const LEFT = `{ "login": {"password":"[GENERIC_SECRET]"}, "ssn": "[US_SSN]", "n": ${LARGE}, "f": 1.0, "é": "\\u0041" }`;

let site: Site;
beforeAll(async () => {
  site = await openSite({ policy: POLICY });
  for (const secret of [MAIL, PASSWORD, SSN]) site.keepSecret(secret);
});
afterAll(() => site.close());

describe.each(DIALECTS)("arguments of a tool call on $path", (dialect) => {
  const { ask, answer, events } = CALLS[dialect.name];
  const asStream: Ask = { dialect, as: "alice", with: { store: false, stream: true } };
  const sent = (): string => site.upstream.calls.at(-1)?.body.toString() ?? "";
  const inBody = (given: string): string => (dialect.name === "messages" ? given : JSON.stringify(given).slice(1, -1));
  const streamedArguments = (text: string): string =>
    [...text.matchAll(/^data: (\{.*)$/gm)]
      .map(([, event = ""]) => JSON.parse(event) as Record<string, never>)
      .map(piece)
      .join("");

  it("are read as the JSON that they are in a request: names with their values, and numbers; all else stays as it was", async () => {
    const body = ask(dialect, GIVEN);
    const { records } = await check(site, { dialect, as: "alice", body }, {});
    expect(sent()).toBe(body.replace(inBody(GIVEN), inBody(LEFT)));
    expect(records[0]?.dlp?.request).toMatchObject({ outcome: "redacted", findings: { GENERIC_SECRET: 1, US_SSN: 1 }, notRewritten: 0 }); // prettier-ignore
  });

  it("stop a call where a rule blocks, whether it is a name, a number or a text", async () => {
    for (const given of ['{"4111 1111 1111 1111":1}', '{"card":[4111111111111111]}', '{"card":"4111111111111111"}'])
      await check(site, { dialect, as: "alice", body: ask(dialect, given) }, { refused: "dlp_blocked", reason: "dlp" });
  });

  it("become the same in an answer, streamed or not", async () => {
    const body = dialect.ask("hello", { store: false });
    site.upstream.next(
      (_req, res) => void res.writeHead(200, { "content-type": "application/json" }).end(answer(GIVEN)),
    );
    const whole = await check(site, { dialect, as: "alice", body }, {});
    expect(whole.text).toBe(answer(LEFT));
    site.upstream.next(streamed(events(GIVEN)));
    const { text } = await check(site, asStream, {});
    expect(streamedArguments(text)).toBe(LEFT);
    expect(text).not.toMatch(new RegExp(`${PASSWORD}|${SSN}`));
  });

  it("get back what was tokenized in them, names too, and stay JSON", async () => {
    const body = ask(dialect, `{"${MAIL}":{"to":"<${MAIL}>"}}`);
    const tokens = (): string => /EMAIL_ADDRESS_[0-9a-z]{10}/.exec(sent())?.[0] ?? "none";
    site.upstream.next((req, res, seen) => json(JSON.parse(answer(`{"${tokens()}":["${tokens()}"]}`)) as object)(req, res, seen)); // prettier-ignore
    const { text } = await check(site, { dialect, as: "alice", body }, {});
    expect([sent().includes(MAIL), tokens()]).toEqual([false, expect.stringMatching(/^EMAIL_ADDRESS/)]);
    expect(text).toContain(inBody(`{"${MAIL}":["${MAIL}"]}`));
  });
});

describe("data of tools in other shapes", () => {
  const by = (name: Dialect["name"]): Dialect => DIALECTS.find((one) => one.name === name) as Dialect;
  const sent = (): string => site.upstream.calls.at(-1)?.body.toString() ?? "";

  it("is read where a block of a stream begins with all of its input", async () => {
    const [start, begin, ...rest] = CALLS.messages.events("");
    const whole = (begin ?? "").replace('"input":{}', `"input":${GIVEN}`);
    site.upstream.next(streamed([start ?? "", whole, ...rest]));
    const { text } = await check(site, { dialect: by("messages"), as: "alice", with: { stream: true } }, {});
    expect(text).toContain(`"input":${LEFT}`);
  });

  it.each<[Dialect["name"], string, string]>([
    ["chat", "messages", `{"role":"assistant","content":null,"tool_calls":[{"id":"f","type":"function","function":{"name":"f","arguments":GIVEN}}]}`], // prettier-ignore
    ["chat", "messages", '{"role":"tool","tool_call_id":"f","content":GIVEN}'],
    ["responses", "input", '{"type":"function_call_output","call_id":"f","output":GIVEN}'],
    ["responses", "input", '{"type":"custom_tool_call","call_id":"f","name":"f","input":GIVEN}'],
    ["messages", "messages", '{"role":"user","content":[{"type":"tool_result","tool_use_id":"f","content":GIVEN}]}'],
  ])("is rewritten in place where it is an object and not a text: %s %s %s", async (name, member, item) => {
    const body = asks(by(name), member, item.replace("GIVEN", GIVEN));
    await check(site, { dialect: by(name), as: "alice", body }, {});
    expect(sent()).toBe(body.replace(GIVEN, LEFT));
  });
});

function piece(event: Record<string, never>): string {
  const { choices, delta, type } = event as unknown as {
    readonly choices?: readonly { delta: { tool_calls?: readonly { function: { arguments?: string } }[] } }[];
    readonly delta?: string | { partial_json?: string };
    readonly type?: string;
  };
  if (choices !== undefined) return choices[0]?.delta.tool_calls?.[0]?.function.arguments ?? "";
  if (type === "response.function_call_arguments.delta") return delta as string;
  return typeof delta === "object" ? (delta.partial_json ?? "") : "";
}

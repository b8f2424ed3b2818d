import { chat, messages, MODEL, responses, type Dialect } from "../support/dialects";
import { check } from "../support/http-check";
import { json, streamed } from "../support/scripted-upstream";
import { openSite, type Site } from "../support/site";

/** Answers that call a tool nobody asked for. */
const CALLING: readonly (readonly [Dialect, object, readonly string[]])[] = [
  [
    responses,
    { output: [{ type: "function_call", id: "fc_1", call_id: "c", name: "f", arguments: '{"secret":1}' }] },
    [
      ...responses.events("Hello").slice(0, -1),
      `event: response.output_item.added\ndata: {"type":"response.output_item.added","output_index":1,"item":{"type":"function_call","id":"fc_1","call_id":"c","name":"f","arguments":""}}\n\n`,
      `event: response.function_call_arguments.delta\ndata: {"type":"response.function_call_arguments.delta","item_id":"fc_1","delta":"{\\"secret\\":1}"}\n\n`,
      ...responses.events("Hello").slice(-1),
    ],
  ],
  [
    chat,
    {
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: null,
            tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: '{"secret":1}' } }],
          },
          finish_reason: "tool_calls",
        },
      ],
    },
    [
      ...chat.events("Hello").slice(0, 2),
      `data: ${JSON.stringify({ id: "x", object: "chat.completion.chunk", model: MODEL, choices: [{ index: 0, delta: { tool_calls: [{ index: 0, id: "c", type: "function", function: { name: "f", arguments: '{"secret":1}' } }] } }] })}\n\n`,
      ...chat.events("Hello").slice(2),
    ],
  ],
  [
    messages,
    { content: [{ type: "tool_use", id: "t", name: "f", input: { secret: 1 } }], stop_reason: "tool_use" },
    [
      ...messages.events("Hello").slice(0, 4),
      `event: content_block_start\ndata: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}\n\n`,
      `event: content_block_delta\ndata: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\\"secret\\":1}"}}\n\n`,
      `event: content_block_stop\ndata: {"type":"content_block_stop","index":1}\n\n`,
      ...messages.events("Hello").slice(4),
    ],
  ],
];

describe.each(CALLING)("a tool call in an answer on $path under Ask Mode", (dialect, members, events) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({ askMode: { protocols: ["chat", "messages"] } });
  });
  afterAll(() => site.close());

  it("is withheld from a JSON answer, which ends as filtered", async () => {
    site.upstream.next(json(dialect.answer("Hello", members)));
    const { json: got, text } = await check(site, { dialect, as: "asker" }, { outcome: "withheld" });
    expect(got).toMatchObject(dialect.withheld.json);
    expect(text).not.toContain("secret");
  });

  it("is withheld from a stream, which ends as filtered; the words before it stay", async () => {
    site.upstream.next(streamed(events));
    const { text } = await check(site, { dialect, as: "asker", with: { stream: true } }, { outcome: "withheld" });
    expect(text).toMatch(dialect.withheld.streamed);
    expect(text).toContain("Hello");
    expect(text).not.toMatch(/secret|tool_use|"tool_calls"|function_call/);
  });

  it("reaches everybody else as it came", async () => {
    const answer = dialect.answer("Hello", members);
    site.upstream.next(json(answer));
    expect((await check(site, { dialect, as: "alice", with: { store: false } }, {})).json).toEqual(answer);
    site.upstream.next(streamed(events));
    expect((await check(site, { dialect, as: "alice", with: { stream: true, store: false } }, {})).text).toBe(
      events.join(""),
    );
  });
});

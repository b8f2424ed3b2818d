import Anthropic1 from "@anthropic-ai/sdk";
import Anthropic0 from "anthropic-sdk-0";
import OpenAI from "openai";
import { echoUpstream } from "../../../adapters/upstreams/echo";
import { Denial } from "../../../lib/denial";
import { openaiChat } from "../../../adapters/protocols/openai-chat";
import { clearedCall } from "../../support/cleared-call";
import { upstreamFetch } from "../../support/upstream-fetch";

const PARAMETERS = {
  type: "object",
  properties: { city: { type: "string" }, unit: { enum: ["celsius"] }, days: { type: "integer" } },
  required: ["city", "unit", "days"],
} as const;
const ARGUMENTS = { city: "echo", unit: "celsius", days: 1 };
const LONG = Array.from({ length: 500 }, (_, index) => `word${index}`).join(" ");

describe("The echo model speaks chat completions", () => {
  const tools = [{ type: "function" as const, function: { name: "get_weather", parameters: PARAMETERS } }];

  it("whole", async () => {
    const answer = await openai().chat.completions.create({ model: "m", messages: [{ role: "user", content: "hi" }] });
    expect(answer.choices[0]).toMatchObject({ message: { content: "You said: hi" }, finish_reason: "stop" });
    expect(answer.model).toBe("m");
    expect(answer.usage?.total_tokens).toBe(
      (answer.usage?.prompt_tokens ?? 0) + (answer.usage?.completion_tokens ?? 0),
    );
  });

  it.each(["hi", LONG, "  \n surrogates 👩‍👩‍👧 and  spaces \n"])("in pieces: %j", async (content) => {
    const stream = openai().chat.completions.stream({
      model: "m",
      messages: [{ role: "user", content: [{ type: "text", text: content }] }],
      stream_options: { include_usage: true },
    });
    let deltas = 0;
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) deltas += 1;
    expect(deltas).toBeGreaterThan(1);
    expect(deltas).toBeLessThan(70);
    const final = await stream.finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe(`You said: ${content}`);
    expect(final.usage?.completion_tokens).toBeGreaterThan(0);
  });

  it("with a tool, and its result in the next turn", async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "user", content: "USE_TOOL please" }];
    const first = await openai().chat.completions.create({ model: "m", messages, tools });
    const streamed = await openai().chat.completions.stream({ model: "m", messages, tools }).finalChatCompletion();
    for (const { choices } of [first, streamed]) {
      expect(choices[0]?.finish_reason).toBe("tool_calls");
      expect(choices[0]?.message.tool_calls?.[0]).toMatchObject({
        type: "function",
        function: { name: "get_weather" },
      });
    }
    const call = first.choices[0]?.message.tool_calls?.[0];
    if (call?.type !== "function") throw new Error("no call");
    expect(JSON.parse(call.function.arguments)).toEqual(ARGUMENTS);
    const next = [
      ...messages,
      { role: "assistant" as const, tool_calls: [call] },
      { role: "tool" as const, tool_call_id: call.id, content: "sunny" },
    ];
    const second = await openai().chat.completions.create({ model: "m", messages: next, tools });
    expect(second.choices[0]?.message.content).toBe("The tool said: sunny");
  });

  it("with a custom tool, unless told to use none", async () => {
    const custom = [{ type: "custom" as const, custom: { name: "run" } }];
    const asked = { model: "m", messages: [{ role: "user" as const, content: "USE_TOOL" }], tools: custom };
    const answer = await openai().chat.completions.create(asked);
    expect(answer.choices[0]?.message.tool_calls?.[0]).toMatchObject({
      type: "custom",
      custom: { name: "run", input: "echo" },
    });
    const none = await openai().chat.completions.create({ ...asked, tool_choice: "none" });
    expect(none.choices[0]?.message.content).toBe("You said: USE_TOOL");
  });
});

describe("The echo model speaks Responses", () => {
  const tools = [{ type: "function" as const, name: "get_weather", parameters: PARAMETERS, strict: true }];

  it("whole", async () => {
    const answer = await openai().responses.create({ model: "m", input: "hi" });
    expect(answer).toMatchObject({ status: "completed", model: "m", output_text: "You said: hi" });
    expect(answer.usage?.total_tokens).toBe((answer.usage?.input_tokens ?? 0) + (answer.usage?.output_tokens ?? 0));
  });

  it.each(["hi", LONG])("in pieces: %#", async (text) => {
    const stream = openai().responses.stream({ model: "m", input: [{ role: "user", content: text }] });
    let deltas = "";
    const numbers: number[] = [];
    for await (const event of stream) {
      numbers.push(event.sequence_number);
      if (event.type === "response.output_text.delta") deltas += event.delta;
    }
    expect(numbers).toEqual(numbers.map((_, index) => index));
    expect(deltas).toBe(`You said: ${text}`);
    expect((await stream.finalResponse()).output_text).toBe(`You said: ${text}`);
  });

  it("with a tool, and its result in the next turn", async () => {
    const client = openai();
    const asked = { model: "m", input: "USE_TOOL please", tools };
    const first = await client.responses.create(asked);
    const streamed = await client.responses.stream(asked).finalResponse();
    for (const { output } of [first, streamed]) {
      expect(output[0]).toMatchObject({ type: "function_call", name: "get_weather", status: "completed" });
      expect(output[0]?.type === "function_call" && JSON.parse(output[0].arguments)).toEqual(ARGUMENTS);
    }
    const call = first.output[0];
    if (call?.type !== "function_call") throw new Error("no call");
    const result = { type: "function_call_output" as const, call_id: call.call_id, output: "sunny" };
    const second = await client.responses.create({
      model: "m",
      previous_response_id: first.id,
      input: [result],
      tools,
    });
    expect(second.output_text).toBe("The tool said: sunny");
  });

  it("with a custom tool", async () => {
    const asked = { model: "m", input: "USE_TOOL", tools: [{ type: "custom" as const, name: "run" }] };
    const { output } = await openai().responses.stream(asked).finalResponse();
    expect(output[0]).toMatchObject({ type: "custom_tool_call", name: "run", input: "echo" });
  });

  it("by id, whole and as a stream, until it is deleted", async () => {
    const client = openai();
    const { id } = await client.responses.create({ model: "m", input: "hi" });
    expect((await client.responses.retrieve(id)).output_text).toBe("You said: hi");
    const types: string[] = [];
    for await (const event of await client.responses.retrieve(id, { stream: true })) types.push(event.type);
    expect(types.at(-1)).toBe("response.completed");
    const items = await client.responses.inputItems.list(id);
    expect(items.data).toMatchObject([{ role: "user", content: [{ text: "hi" }] }]);
    await client.responses.delete(id);
    await expect(client.responses.retrieve(id)).rejects.toThrow(OpenAI.NotFoundError);
  });

  it("by id only where it may be stored, and only for so many", async () => {
    const client = openai(echoUpstream({ keptResponses: 2 }));
    const unstored = await client.responses.create({ model: "m", input: "hi", store: false });
    await expect(client.responses.retrieve(unstored.id)).rejects.toThrow(OpenAI.NotFoundError);
    const ids: string[] = [];
    for (let index = 0; index < 3; index += 1)
      ids.push((await client.responses.create({ model: "m", input: "hi" })).id);
    await expect(client.responses.retrieve(ids[0] ?? "")).rejects.toThrow(OpenAI.NotFoundError);
    expect((await client.responses.retrieve(ids[2] ?? "")).id).toBe(ids[2]);
  });

  it("of the background, which can be cancelled", async () => {
    const client = openai();
    const { id } = await client.responses.create({ model: "m", input: "hi", background: true });
    expect((await client.responses.cancel(id)).status).toBe("cancelled");
    expect((await client.responses.retrieve(id)).status).toBe("cancelled");
    const direct = await client.responses.create({ model: "m", input: "hi" });
    await expect(client.responses.cancel(direct.id)).rejects.toThrow(OpenAI.BadRequestError);
  });

  it("of tokens and compactions", async () => {
    const client = openai();
    const counted = await client.responses.inputTokens.count({ model: "m", input: "hi" });
    expect(counted).toMatchObject({ object: "response.input_tokens", input_tokens: expect.any(Number) as number });
    const compacted = await client.responses.compact({ model: "m", input: "hi" });
    expect(compacted.output.map(({ type }) => type)).toEqual(["message", "compaction"]);
  });
});

const ANTHROPICS = [
  { version: "1.x", client: () => new Anthropic1(options()) },
  // The two versions' types differ in what this test does not use.
  { version: "0.137", client: () => new Anthropic0(options()) as unknown as Anthropic1 },
];

describe.each(ANTHROPICS)("The echo model speaks messages to the $version SDK", ({ client }) => {
  const tools = [{ name: "get_weather", input_schema: { ...PARAMETERS, required: [...PARAMETERS.required] } }];
  const user = (content: string) => ({ role: "user" as const, content });

  it("whole", async () => {
    const answer = await client().messages.create({ model: "m", max_tokens: 9, messages: [user("hi")] });
    expect(answer).toMatchObject({
      role: "assistant",
      stop_reason: "end_turn",
      content: [{ type: "text", text: "You said: hi" }],
    });
    expect(answer.usage.input_tokens).toBeGreaterThan(0);
  });

  it.each(["hi", LONG])("in pieces: %#", async (text) => {
    const stream = client().messages.stream({ model: "m", max_tokens: 9, messages: [user(text)] });
    let deltas = 0;
    stream.on("text", () => (deltas += 1));
    expect(await stream.finalText()).toBe(`You said: ${text}`);
    expect(deltas).toBeGreaterThan(1);
    expect((await stream.finalMessage()).usage.output_tokens).toBeGreaterThan(0);
  });

  it("with a tool, and its result in the next turn", async () => {
    const asked = { model: "m", max_tokens: 9, messages: [user("USE_TOOL please")], tools };
    const first = await client().messages.create(asked);
    const streamed = await client().messages.stream(asked).finalMessage();
    for (const { stop_reason, content } of [first, streamed]) {
      expect(stop_reason).toBe("tool_use");
      expect(content).toMatchObject([{ type: "tool_use", name: "get_weather", input: ARGUMENTS }]);
    }
    const call = first.content[0];
    if (call?.type !== "tool_use") throw new Error("no call");
    const result = {
      type: "tool_result" as const,
      tool_use_id: call.id,
      content: [{ type: "text" as const, text: "sunny" }],
    };
    const next = [
      ...asked.messages,
      { role: "assistant" as const, content: first.content },
      { role: "user" as const, content: [result] },
    ];
    const second = await client().messages.create({ ...asked, messages: next });
    expect(second.content).toMatchObject([{ text: "The tool said: sunny" }]);
  });

  it("of tokens", async () => {
    const counted = await client().messages.countTokens({ model: "m", messages: [user("hi")] });
    expect(counted.input_tokens).toBeGreaterThan(0);
  });
});

describe("The echo upstream", () => {
  it("says the same again to the same request", async () => {
    const call = clearedCall({
      bytes: Buffer.from('{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}'),
    });
    const once = await textOf(echoUpstream().forward(call, call.signal));
    expect(once).toBe(await textOf(echoUpstream().forward(call, call.signal)));
  });

  it("stops when its signal aborts, before the answer and within it", async () => {
    const gone = new Error("gone");
    const call = clearedCall({ bytes: Buffer.from('{"model":"m","messages":[],"stream":true}') });
    await expect(echoUpstream().forward(call, AbortSignal.abort(gone))).rejects.toBe(gone);
    for (const delayMs of [0, 5000]) {
      const abort = new AbortController();
      const answer = await echoUpstream({ delayMs }).forward(call, abort.signal);
      const reading = textOf(Promise.resolve(answer));
      abort.abort(gone);
      await expect(reading).rejects.toThrow();
    }
  });

  it("refuses what it does not speak", async () => {
    const strange = clearedCall({ protocol: { ...openaiChat, name: "telepathy" } });
    await expect(echoUpstream().forward(strange, strange.signal)).rejects.toThrow(Denial);
  });
});

function options(upstream = echoUpstream()): { apiKey: string; maxRetries: number; fetch: typeof fetch } {
  return { apiKey: "test", maxRetries: 0, fetch: upstreamFetch(upstream) };
}

function openai(upstream = echoUpstream()): OpenAI {
  return new OpenAI(options(upstream));
}

async function textOf(answer: Promise<{ readonly body: AsyncIterable<Uint8Array> }>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await answer).body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

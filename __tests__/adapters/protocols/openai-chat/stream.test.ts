import { APIError } from "openai";
import type { ChatCompletionChunk } from "openai/resources";
import { openaiChat } from "../../../../adapters/protocols/openai-chat";
import { Denial } from "../../../../lib/denial";
import { publicError } from "../../../../lib/http/public-error";
import { sseEvent, type SseEvent } from "../../../../lib/http/sse";
import type { JsonValue } from "../../../../lib/json";
import type { SseSession } from "../../../../lib/ports/protocol";
import { describeSpans } from "../../../support/describe-text";
import { openaiAnswered, readAll, upstreamEvent } from "../../../support/sdk-stream";

const HEAD = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 7, model: "gpt-4o-mini-2024" };
const DONE = upstreamEvent("[DONE]");
const FAILURE = publicError(new Denial("upstream_unavailable", { reason: "upstream_unavailable" }));

describe("A chat stream", () => {
  it("gives each text in a channel of its choice and call", () => {
    const calls = [
      { index: 0, id: "call_1", type: "function", function: { name: "f", arguments: "" } },
      { index: 1, function: { arguments: '{"a"' } },
    ];
    const events = [
      chunk(1, { role: "assistant", content: "he", refusal: "no", reasoning_content: "hm" }),
      chunk(0, { tool_calls: calls }),
      chunk(0, { function_call: { arguments: "{}" } }),
      chunk(0, { invented: { deep: ["unknown"] }, content: [{ type: "text", text: "part" }] }),
    ];
    expect(readAll(open(), events).flatMap((event) => describeSpans(event.spans))).toEqual([
      "choices[0].delta.content | assistant | rewritable | choices/1/content | he",
      "choices[0].delta.refusal | assistant | rewritable | choices/1/refusal | no",
      "choices[0].delta.reasoning_content | assistant | rewritable | choices/1/reasoning_content | hm",
      "choices[0].delta.tool_calls[0].function.name | assistant | scanned | choices/0/tool_calls/0/function/name | f",
      'choices[0].delta.tool_calls[1].function.arguments | assistant | rewritable json | choices/0/tool_calls/1/function/arguments | {"a"',
      "choices[0].delta.function_call.arguments | assistant | rewritable json | choices/0/function_call/arguments | {}",
      "choices[0].delta.invented.deep[0] | assistant | scanned | choices/0/invented/deep/0 | unknown",
      "choices[0].delta.content[0].text | assistant | rewritable | choices/0/content | part",
    ]);
  });

  it("joins the pieces of one call whatever its position in the chunk", () => {
    const pieces = ['{"city"', ':"Paris"}'].map((text) =>
      chunk(0, { tool_calls: [{ index: 2, function: { arguments: text } }] }),
    );
    const spans = readAll(open(), pieces).flatMap((event) => event.spans);
    expect(new Set(spans.map((span) => span.channel))).toEqual(new Set(["choices/0/tool_calls/2/function/arguments"]));
  });

  it("gives each call once, when it begins", () => {
    const events = [
      chunk(0, { tool_calls: [{ index: 0, id: "call_1", type: "function", function: { name: "f", arguments: "" } }] }),
      chunk(0, { tool_calls: [{ index: 0, function: { arguments: "{}" } }] }),
      chunk(0, { tool_calls: [{ index: 1, type: "custom", custom: { name: "run" } }] }),
      chunk(0, { function_call: { name: "legacy" } }),
    ];
    expect(readAll(open(), events).map((event) => event.toolCalls)).toEqual([
      ["function"],
      [],
      ["custom"],
      ["function"],
    ]);
  });

  it("says where logprobs repeat a delta", () => {
    const event = upstreamEvent({
      ...HEAD,
      choices: [{ index: 0, delta: { content: "he" }, logprobs: { content: [] } }],
    });
    expect(readAll(open(), [event])[0]?.spans[0]?.repeatedAt).toEqual([["choices", 0, "logprobs", "content"]]);
  });

  it("gives usage from its last chunk, and no id", () => {
    const last = upstreamEvent({ ...HEAD, choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } });
    const read = readAll(open(), [chunk(0, { content: "a" }), last, DONE]);
    expect(read.map((event) => event.usage)).toEqual([null, { inputTokens: 3, outputTokens: 2 }, null]);
    expect(read.every((event) => event.responseId === null)).toBe(true);
  });

  it.each<[string, SseEvent, string | null]>([
    ["[DONE]", DONE, "end"],
    ["a chunk with an error", upstreamEvent({ error: { message: "overloaded" } }), "error"],
    ["an event named error", sseEvent("error", "not json"), "error"],
    ["a chunk whose error is null", upstreamEvent({ ...HEAD, error: null, choices: [] }), null],
    ["a comment", sseEvent(null, null), null],
    ["data that is not JSON", upstreamEvent("garbage"), null],
    ["the last choice's end", chunk(0, {}, "stop"), null],
  ])("takes %s for its terminal event or not", (_what, event, terminal) => {
    expect(readAll(open(), [event])[0]?.terminal).toBe(terminal);
  });
});

describe("A chat stream that fails", () => {
  it("ends with an error the official client raises, then [DONE]", async () => {
    const events = [chunk(0, { role: "assistant", content: "partial" })];
    const ending = endingAfter(events, (session) => session.fail(FAILURE, false));
    expect(ending.map(({ event, data }) => [event, parsed(data)])).toEqual([
      ["error", { error: { message: FAILURE.message, type: "server_error", code: "stream_error" } }],
      [null, "[DONE]"],
    ]);
    const { text, error } = await streamed([...events, ...ending]);
    expect(text).toBe("partial");
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({ code: "stream_error", type: "server_error" });
  });

  it("still owes [DONE] after the upstream's own error, unless that came too", () => {
    const error = upstreamEvent({ error: { message: "overloaded" } });
    expect(endingAfter([error], (session) => session.fail(FAILURE, true))).toMatchObject([{ data: "[DONE]" }]);
    expect(endingAfter([error, DONE], (session) => session.fail(FAILURE, true))).toEqual([]);
  });
});

describe("A chat stream that is withheld", () => {
  it("ends every open choice by the content filter under its own name, then [DONE]", async () => {
    const sent = [chunk(0, { role: "assistant", content: "a" }), chunk(1, { content: "b" }), chunk(1, {}, "stop")];
    const ending = endingAfter([...sent, chunk(0, { content: "secret" })], (session) => session.withhold());
    expect(ending.map(({ data }) => parsed(data))).toEqual([
      { ...HEAD, choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: "content_filter" }] },
      "[DONE]",
    ]);
    const { chunks, error } = await streamed([...sent, ...ending]);
    expect(error).toBeNull();
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe("content_filter");
  });

  it("takes the event read last as not sent: a choice that it finished is still open", () => {
    const events = [chunk(0, { content: "a" }), chunk(0, {}, "stop")];
    const ending = endingAfter(events, (session) => session.withhold());
    expect(ending).toHaveLength(2);
    expect(endingAfter([...events, DONE], (session) => session.withhold())).toMatchObject([{ data: "[DONE]" }]);
  });

  it("opens and ends all its choices when nothing of it was sent", async () => {
    const events = [
      chunk(0, { content: "a" }),
      chunk(1, { content: "b" }),
      chunk(0, {}, "stop"),
      chunk(1, {}, "stop"),
      DONE,
    ];
    const { chunks, error } = await streamed(endingAfter(events, (session) => session.withhold(true)));
    expect(error).toBeNull();
    expect(chunks).toMatchObject([
      { ...HEAD, choices: [{ index: 0, delta: { role: "assistant" }, finish_reason: "content_filter" }] },
      { ...HEAD, choices: [{ index: 1, delta: { role: "assistant" }, finish_reason: "content_filter" }] },
    ]);
  });

  it("has one choice when none was ever seen", async () => {
    const { chunks } = await streamed(open().withhold(true));
    expect(chunks).toMatchObject([
      { object: "chat.completion.chunk", choices: [{ index: 0, finish_reason: "content_filter" }] },
    ]);
  });

  it("is a whole answer to the client's own accumulator", async () => {
    const events = [chunk(0, { role: "assistant", content: "a" })];
    const ending = endingAfter(
      [...events, chunk(0, { tool_calls: [{ index: 0, function: { name: "f" } }] })],
      (session) => session.withhold(),
    );
    const client = openaiAnswered([...events, ...ending]);
    const completion = await client.chat.completions.stream({ model: "m", messages: [] }).finalChatCompletion();
    expect(completion.choices).toMatchObject([{ finish_reason: "content_filter", message: { content: "a" } }]);
    expect(completion.choices[0]?.message.tool_calls ?? []).toEqual([]);
  });
});

function open(): SseSession {
  return openaiChat.response.openSse();
}

function chunk(index: number, delta: JsonValue, finishReason: string | null = null): SseEvent {
  return upstreamEvent({ ...HEAD, choices: [{ index, delta, finish_reason: finishReason }] });
}

function endingAfter(
  events: readonly SseEvent[],
  end: (session: SseSession) => readonly SseEvent[],
): readonly SseEvent[] {
  const session = open();
  readAll(session, events);
  return end(session);
}

function parsed(data: string | null): unknown {
  return data === null || data === "[DONE]" ? data : JSON.parse(data);
}

interface Streamed {
  readonly chunks: readonly ChatCompletionChunk[];
  readonly text: string;
  readonly error: unknown;
}

async function streamed(events: readonly SseEvent[]): Promise<Streamed> {
  const chunks: ChatCompletionChunk[] = [];
  let error: unknown = null;
  try {
    const stream = await openaiAnswered(events).chat.completions.create({ model: "m", messages: [], stream: true });
    for await (const each of stream) chunks.push(each);
  } catch (thrown) {
    error = thrown;
  }
  return { chunks, text: chunks.map((each) => each.choices[0]?.delta.content ?? "").join(""), error };
}

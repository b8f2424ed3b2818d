import { APIError } from "@anthropic-ai/sdk";
import type { Message } from "@anthropic-ai/sdk/resources";
import { anthropicMessages } from "../../../../adapters/protocols/anthropic-messages";
import { Denial } from "../../../../lib/denial";
import { publicError } from "../../../../lib/http/public-error";
import { sseEvent, type SseEvent } from "../../../../lib/http/sse";
import type { JsonObject } from "../../../../lib/json";
import type { SseSession } from "../../../../lib/ports/protocol";
import { describeSpans } from "../../../support/describe-text";
import { anthropicAnswered, readAll, upstreamEvent } from "../../../support/sdk-stream";

const START = typed("message_start", {
  message: {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "claude-sonnet-4-5",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 9, output_tokens: 1 },
  },
});
const TEXT = block(0, { type: "text", text: "", citations: null });
const STOP = typed("message_stop", {});
const FAILURE = publicError(new Denial("upstream_unavailable", { reason: "upstream_unavailable" }));

describe("A message stream", () => {
  it("gives each text in a channel of its block, from its start through its deltas", () => {
    const events = [
      START,
      block(0, { type: "text", text: "be" }),
      delta(0, { type: "text_delta", text: "gun" }),
      delta(0, {
        type: "citations_delta",
        citation: { type: "char_location", cited_text: "quoted", encrypted_index: "ZW5j" },
      }),
      block(1, { type: "thinking", thinking: "", signature: "" }),
      delta(1, { type: "thinking_delta", thinking: "thought" }),
      delta(1, { type: "signature_delta", signature: "c2ln" }),
      block(2, { type: "tool_use", id: "toolu_1", name: "Bash", input: {} }),
      delta(2, { type: "input_json_delta", partial_json: '{"command"' }),
      block(3, { type: "web_search_tool_result", content: [{ type: "web_search_result", title: "found" }] }),
      delta(4, { type: "invented_delta", words: { deep: "unknown" } }),
      typed("message_delta", { delta: { stop_reason: "end_turn", stop_sequence: "stop word" }, usage: {} }),
      typed("invented_event", { words: "unknown event" }),
    ];
    expect(readAll(open(), events).flatMap((event) => describeSpans(event.spans))).toEqual([
      "content_block.text | assistant | rewritable | content/0/text | be",
      "delta.text | assistant | rewritable | content/0/text | gun",
      "delta.citation.cited_text | assistant | scanned | quoted",
      "delta.thinking | assistant | scanned | content/1/thinking | thought",
      "content_block.name | assistant | scanned | Bash",
      'delta.partial_json | assistant | rewritable json | content/2/partial_json | {"command"',
      "content_block.content[0].title | tool | scanned | found",
      "delta.type | assistant | scanned | content/4/type | invented_delta",
      "delta.words.deep | assistant | scanned | content/4/words/deep | unknown",
      "delta.stop_sequence | assistant | scanned | stop word",
      "words | assistant | scanned | unknown event",
    ]);
  });

  it("gives each call when its block begins", () => {
    const events = [
      block(0, { type: "tool_use", name: "Bash", input: {} }),
      delta(0, { type: "input_json_delta", partial_json: "{}" }),
      block(1, { type: "server_tool_use", name: "web_search", input: {} }),
    ];
    expect(readAll(open(), events).map((event) => event.toolCalls)).toEqual([["custom"], [], ["server_tool_use"]]);
  });

  it("keeps the input count that only its start gives", () => {
    const events = [START, TEXT, typed("message_delta", { delta: {}, usage: { output_tokens: 5 } })];
    expect(readAll(open(), events).map((event) => event.usage)).toEqual([
      { inputTokens: 9, outputTokens: 1 },
      null,
      { inputTokens: 9, outputTokens: 5 },
    ]);
  });

  it.each<[string, SseEvent, string | null]>([
    ["message_stop", STOP, "end"],
    ["message_stop without an event field", upstreamEvent({ type: "message_stop" }), "end"],
    ["error", typed("error", { error: { type: "overloaded_error", message: "Overloaded" } }), "error"],
    ["an event named error", sseEvent("error", "not json"), "error"],
    ["ping", typed("ping", {}), null],
    ["a comment", sseEvent(null, null), null],
    ["data that is not JSON", upstreamEvent("garbage"), null],
  ])("takes %s for its terminal event or not", (_what, event, terminal) => {
    expect(readAll(open(), [event])[0]?.terminal).toBe(terminal);
  });
});

describe("A message stream that fails", () => {
  it("ends with an error the official client raises, and no message_stop", async () => {
    const events = [START, TEXT, delta(0, { type: "text_delta", text: "partial" })];
    const ending = endingAfter(events, (session) => session.fail(FAILURE, false));
    expect(ending.map(({ event, data }) => [event, JSON.parse(data ?? "")])).toEqual([
      ["error", { type: "error", error: { type: "api_error", message: FAILURE.message } }],
    ]);
    await expect(finalMessage([...events, ...ending])).rejects.toBeInstanceOf(APIError);
  });

  it("owes nothing after the upstream's own error", () => {
    const error = typed("error", { error: { type: "overloaded_error", message: "Overloaded" } });
    expect(endingAfter([START, error], (session) => session.fail(FAILURE, true))).toEqual([]);
  });
});

describe("A message stream that is withheld", () => {
  it("closes the open text and ends as a refusal", async () => {
    const sent = [START, TEXT, delta(0, { type: "text_delta", text: "a" })];
    const ending = endingAfter([...sent, delta(0, { type: "text_delta", text: "secret" })], (session) =>
      session.withhold(),
    );
    expect(ending.map(({ event, data }) => [event, JSON.parse(data ?? "")])).toEqual([
      ["content_block_stop", { type: "content_block_stop", index: 0 }],
      [
        "message_delta",
        { type: "message_delta", delta: { stop_reason: "refusal", stop_sequence: null }, usage: { output_tokens: 1 } },
      ],
      ["message_stop", { type: "message_stop" }],
    ]);
    expect(await finalMessage([...sent, ...ending])).toMatchObject({
      id: "msg_1",
      stop_reason: "refusal",
      content: [{ type: "text", text: "a" }],
    });
  });

  it("never closes a tool call, on which a client would act", () => {
    const call = block(1, { type: "tool_use", id: "toolu_1", name: "Bash", input: {} });
    const events = [
      START,
      TEXT,
      typed("content_block_stop", { index: 0 }),
      call,
      delta(1, { type: "input_json_delta", partial_json: "{" }),
    ];
    expect(names(endingAfter(events, (session) => session.withhold()))).toEqual(["message_delta", "message_stop"]);
  });

  it("takes the event read last as not sent: its block was never opened, its start is still owed", () => {
    expect(names(endingAfter([START, TEXT], (session) => session.withhold()))).toEqual([
      "message_delta",
      "message_stop",
    ]);
    const ending = endingAfter([START], (session) => session.withhold());
    expect(names(ending)).toEqual(["message_start", "message_delta", "message_stop"]);
  });

  it("is a whole refusal under its own name when nothing of it was sent", async () => {
    const events = [
      START,
      TEXT,
      delta(0, { type: "text_delta", text: "secret" }),
      typed("content_block_stop", { index: 0 }),
      STOP,
    ];
    const ending = endingAfter(events, (session) => session.withhold(true));
    expect(await finalMessage(ending)).toMatchObject({
      id: "msg_1",
      model: "claude-sonnet-4-5",
      content: [],
      stop_reason: "refusal",
      usage: { input_tokens: 9 },
    });
  });

  it("is a whole refusal even when no event was ever seen", async () => {
    expect(await finalMessage(open().withhold(true))).toMatchObject({
      role: "assistant",
      content: [],
      stop_reason: "refusal",
    });
  });
});

function open(): SseSession {
  return anthropicMessages.response.openSse();
}

function typed(type: string, members: JsonObject): SseEvent {
  return upstreamEvent({ type, ...members }, type);
}

function block(index: number, contentBlock: JsonObject): SseEvent {
  return typed("content_block_start", { index, content_block: contentBlock });
}

function delta(index: number, piece: JsonObject): SseEvent {
  return typed("content_block_delta", { index, delta: piece });
}

function endingAfter(
  events: readonly SseEvent[],
  end: (session: SseSession) => readonly SseEvent[],
): readonly SseEvent[] {
  const session = open();
  readAll(session, events);
  return end(session);
}

function names(events: readonly SseEvent[]): (string | null)[] {
  return events.map((event) => event.event);
}

function finalMessage(events: readonly SseEvent[]): Promise<Message> {
  return anthropicAnswered(events).messages.stream({ model: "m", max_tokens: 1, messages: [] }).finalMessage();
}

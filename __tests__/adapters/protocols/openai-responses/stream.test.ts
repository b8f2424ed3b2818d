import OpenAI from "openai";
import { openaiResponses } from "../../../../adapters/protocols/openai-responses";
import { Denial } from "../../../../lib/denial";
import { publicError } from "../../../../lib/http/public-error";
import type { SseEvent } from "../../../../lib/http/sse";
import type { JsonObject } from "../../../../lib/json";
import type { EventContent, SseSession } from "../../../../lib/ports/protocol";
import golden from "../../../golden/responses/stream.json";
import { describeSpans } from "../../../support/describe-text";
import { openaiAnswered } from "../../../support/sdk-stream";

const SECRET = "4111 1111 1111 1111";
const FAILURE = publicError(new Denial("upstream_unavailable", { reason: "upstream_malformed" }));

const CREATED = {
  type: "response.created",
  sequence_number: 0,
  response: {
    id: "resp_1",
    object: "response",
    created_at: 7,
    model: "m",
    status: "in_progress",
    instructions: SECRET,
    output: [],
  },
};
const ITEM = {
  type: "response.output_item.added",
  sequence_number: 1,
  output_index: 0,
  item: { id: "msg_1", type: "message", role: "assistant", status: "in_progress", content: [] },
};
const PART = {
  type: "response.content_part.added",
  sequence_number: 2,
  item_id: "msg_1",
  output_index: 0,
  content_index: 0,
  part: { type: "output_text", text: "", annotations: [] },
};
const DELTA = {
  type: "response.output_text.delta",
  sequence_number: 3,
  item_id: "msg_1",
  output_index: 0,
  content_index: 0,
  delta: "so far",
  logprobs: [],
};
const BEGUN = [CREATED, ITEM, PART, DELTA];
const CALL = {
  type: "response.output_item.added",
  sequence_number: 4,
  output_index: 1,
  item: { id: "fc_1", type: "function_call", call_id: "c", name: "f", arguments: "" },
};
const COMPLETED = {
  type: "response.completed",
  sequence_number: 9,
  response: { ...CREATED.response, status: "completed" },
};

describe("A Responses stream", () => {
  it("gives the text of every event, with deltas in their channels", () => {
    const session = openaiResponses.response.openSse();
    for (const { data, spans, toolCalls, terminal } of golden as unknown as Expected[]) {
      const content = read(session, data);
      expect({ data, spans: describeSpans(content.spans) }).toEqual({ data, spans });
      expect({ data, toolCalls: content.toolCalls, terminal: content.terminal }).toEqual({ data, toolCalls, terminal });
    }
  });

  it("tells its id first and its tokens last", () => {
    const session = openaiResponses.response.openSse();
    expect(read(session, CREATED).responseId).toBe("resp_1");
    const usage = { input_tokens: 3, output_tokens: 5 };
    expect(read(session, { ...COMPLETED, response: { ...COMPLETED.response, usage } }).usage).toEqual({
      inputTokens: 3,
      outputTokens: 5,
    });
  });

  it("marks log-probabilities as copies of their delta", () => {
    const session = openaiResponses.response.openSse();
    const [span] = read(session, { ...DELTA, logprobs: [{ token: "so", logprob: 0 }] }).spans;
    expect(span?.repeatedAt).toEqual([["logprobs"]]);
  });

  it("is read by the event's name where the data has no type", () => {
    const session = openaiResponses.response.openSse();
    const { type, ...data } = COMPLETED;
    expect(session.read({ event: type, data: "", raw: null }, data).terminal).toBe("end");
  });

  it.each([null, "text", ["text"], 7])("survives data that is no object: %j", (data) => {
    const session = openaiResponses.response.openSse();
    expect(session.read({ event: null, data: "", raw: null }, data)).toMatchObject({ toolCalls: [], terminal: null });
  });
});

describe("A Responses stream that fails", () => {
  it("says so in the documented reading and in OpenAI's own", () => {
    const [error, failed] = parsed(opened(BEGUN).fail(FAILURE, false));
    expect(error).toEqual({
      event: "error",
      data: { error: { message: FAILURE.message, type: "server_error", code: "stream_error" } },
    });
    expect(failed).toMatchObject({
      event: "response.failed",
      data: {
        type: "response.failed",
        sequence_number: 4,
        id: "resp_1",
        object: "response",
        status: "failed",
        response: {
          id: "resp_1",
          status: "failed",
          error: { code: "server_error", message: FAILURE.message },
          output: [],
        },
      },
    });
    expect(JSON.stringify(failed)).not.toContain("4111");
  });

  it("owes only the tail after the provider's own error, and nothing after its own response.failed", () => {
    const error = { type: "error", message: "it broke", sequence_number: 4 };
    expect(parsed(opened([...BEGUN, error]).fail(FAILURE, true)).map(({ event }) => event)).toEqual([
      "response.failed",
    ]);
    const failed = { type: "response.failed", sequence_number: 5, response: CREATED.response };
    expect(opened([...BEGUN, failed]).fail(FAILURE, true)).toEqual([]);
  });

  it("says so before it has begun", () => {
    const events = parsed(openaiResponses.response.openSse().fail(FAILURE, false));
    expect(events.map(({ event }) => event)).toEqual(["error", "response.failed"]);
  });

  it("raises APIError in the SDK", async () => {
    const events = [...BEGUN.map(asEvent), ...opened(BEGUN).fail(FAILURE, false)];
    const stream = await openaiAnswered(events).responses.create({ model: "m", input: "hi", stream: true });
    const texts: string[] = [];
    const reading = (async () => {
      for await (const event of stream) if (event.type === "response.output_text.delta") texts.push(event.delta);
    })();
    await expect(reading).rejects.toThrow(OpenAI.APIError);
    expect(texts).toEqual(["so far"]);
  });
});

describe("A Responses stream that is withheld", () => {
  it("closes what is open, saying nothing, and ends as OpenAI's content filter does", () => {
    const events = parsed(opened([...BEGUN, { ...DELTA, sequence_number: 4, delta: SECRET }]).withhold());
    expect(events.map(({ event }) => event)).toEqual([
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.incomplete",
    ]);
    expect(events.map(({ data }) => data["sequence_number"])).toEqual([5, 6, 7, 8]);
    expect(events.at(-1)?.data).toMatchObject({
      response: { id: "resp_1", status: "incomplete", incomplete_details: { reason: "content_filter" }, output: [] },
    });
    expect(JSON.stringify(events)).not.toContain("4111");
  });

  it("never closes a tool call, nor what was read last and so not sent", () => {
    const types = parsed(opened([CREATED, CALL, ITEM]).withhold()).map(({ event }) => event);
    expect(types).toEqual(["response.incomplete"]);
  });

  it("closes reasoning like any other text", () => {
    const item = { ...ITEM, item: { id: "rs_1", type: "reasoning", summary: [] } };
    const part = {
      type: "response.reasoning_summary_part.added",
      item_id: "rs_1",
      output_index: 0,
      summary_index: 0,
      part: { type: "summary_text", text: "" },
    };
    expect(parsed(opened([CREATED, item, part, CALL]).withhold()).map(({ event }) => event)).toEqual([
      "response.reasoning_summary_text.done",
      "response.reasoning_summary_part.done",
      "response.output_item.done",
      "response.incomplete",
    ]);
  });

  it("opens as well where nothing was sent", () => {
    const whole = parsed(opened([...BEGUN, COMPLETED]).withhold(true));
    expect(whole.map(({ event, data }) => [event, data["sequence_number"]])).toEqual([
      ["response.created", 0],
      ["response.incomplete", 1],
    ]);
    expect(JSON.stringify(whole)).not.toContain("4111");
  });

  it.each<[string, readonly SseEvent[], string]>([
    ["midway", [...BEGUN.map(asEvent), ...opened([...BEGUN, CALL]).withhold()], ""],
    ["before its first event", opened([...BEGUN, COMPLETED]).withhold(true), ""],
  ])("is a finished, incomplete response to the SDK's helper: %s", async (_when, events, text) => {
    const final = await openaiAnswered(events).responses.stream({ model: "m", input: "hi" }).finalResponse();
    expect(final).toMatchObject({
      id: "resp_1",
      status: "incomplete",
      incomplete_details: { reason: "content_filter" },
    });
    expect(final.output_text).toBe(text);
  });
});

interface Expected {
  readonly data: JsonObject;
  readonly spans: readonly string[];
  readonly toolCalls: readonly string[];
  readonly terminal: EventContent["terminal"];
}

function read(session: SseSession, data: JsonObject): EventContent {
  return session.read(asEvent(data), data);
}

function opened(events: readonly JsonObject[]): SseSession {
  const session = openaiResponses.response.openSse();
  for (const data of events) read(session, data);
  return session;
}

function asEvent(data: JsonObject): SseEvent {
  const { type } = data;
  return { event: typeof type === "string" ? type : null, data: JSON.stringify(data), raw: null };
}

function parsed(events: readonly SseEvent[]): { event: string | null; data: JsonObject }[] {
  return events.map(({ event, data }) => ({ event, data: JSON.parse(data ?? "null") as JsonObject }));
}

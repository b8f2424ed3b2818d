import { openaiResponses } from "../../../../adapters/protocols/openai-responses";
import type { JsonValue } from "../../../../lib/json";
import places from "../../../golden/responses/answers.json";
import { describeSpans } from "../../../support/describe-text";

const { readJson, withholdJson } = openaiResponses.response;
const SECRET = "4111 1111 1111 1111";

describe("A Responses answer", () => {
  it.each(places as unknown as { name: string; answer: JsonValue; spans: string[]; toolCalls: string[] }[])(
    "gives its texts and the tools it calls: $name",
    ({ answer, spans, toolCalls }) => {
      const content = readJson(answer);
      expect(describeSpans(content.spans)).toEqual(spans);
      expect(content.toolCalls).toEqual(toolCalls);
    },
  );

  it("tells its id and its tokens", () => {
    const usage = { input_tokens: 3, output_tokens: 5, total_tokens: 8 };
    const content = readJson({ id: "resp_1", object: "response", output: [], usage });
    expect(content.responseId).toBe("resp_1");
    expect(content.usage).toEqual({ inputTokens: 3, outputTokens: 5 });
  });

  it.each<[string, JsonValue]>([
    ["a compaction", { id: "resp_1", object: "response.compaction", output: [] }],
    ["a deletion", { id: "resp_1", object: "response", deleted: true }],
    ["a list", { object: "list", data: [], first_id: "msg_1" }],
    ["a count", { object: "response.input_tokens", input_tokens: 3 }],
    ["an error", { error: { message: "no", type: "invalid_request_error" } }],
    ["nothing known", [1, null, "x"]],
  ])("has no id to be asked for by when it is %s", (_name, answer) => {
    expect(readJson(answer).responseId).toBeNull();
    expect(readJson(answer).toolCalls).toEqual([]);
  });

  it("marks log-probabilities as copies of their text", () => {
    const part = { type: "output_text", text: "hi", annotations: [], logprobs: [{ token: "hi", logprob: 0 }] };
    const message = { type: "message", role: "assistant", content: [part] };
    const [span] = readJson({ object: "response", output: [message] }).spans;
    expect(span?.repeatedAt).toEqual([["output", 0, "content", 0, "logprobs"]]);
  });
});

describe("A withheld Responses answer", () => {
  const full = {
    id: "resp_1",
    object: "response",
    created_at: 5,
    model: "m",
    status: "completed",
    instructions: SECRET,
    metadata: { note: SECRET },
    output: [
      { type: "message", content: [{ type: "output_text", text: SECRET }] },
      { type: "function_call", name: "f", arguments: `{"card":"${SECRET}"}` },
    ],
    output_text: SECRET,
    error: { code: "x", message: SECRET },
    usage: { input_tokens: 3, output_tokens: 5 },
  };

  it("ends as OpenAI's own content filter does, with no word left", () => {
    const withheld = withholdJson(full);
    expect(JSON.stringify(withheld)).not.toContain("4111");
    expect(withheld).toMatchObject({
      id: "resp_1",
      object: "response",
      model: "m",
      status: "incomplete",
      incomplete_details: { reason: "content_filter" },
      output: [],
      output_text: "",
      usage: { input_tokens: 3, output_tokens: 5 },
    });
  });

  it.each<[string, JsonValue, JsonValue]>([
    [
      "a compaction",
      { id: "r", object: "response.compaction", output: [SECRET] },
      { id: "r", object: "response.compaction", output: [] },
    ],
    [
      "a list",
      { object: "list", data: [SECRET], has_more: true },
      { object: "list", data: [], first_id: null, last_id: null, has_more: false },
    ],
  ])("keeps the shape of %s", (_name, answer, expected) => {
    expect(withholdJson(answer)).toEqual(expected);
  });

  it.each<JsonValue>([[[SECRET]], [SECRET], [null], [{ object: "future", secret: SECRET }]])(
    "is one even for what nobody knows: %j",
    (answer) => {
      expect(JSON.stringify(withholdJson(answer))).not.toContain("4111");
    },
  );
});

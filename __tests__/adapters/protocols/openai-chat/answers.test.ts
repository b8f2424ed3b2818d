import { openaiChat } from "../../../../adapters/protocols/openai-chat";
import type { JsonObject } from "../../../../lib/json";
import { describeSpans } from "../../../support/describe-text";

const { readJson, withholdJson } = openaiChat.response;

const LOGPROBS = { content: [{ token: "he", logprob: 0, bytes: [104], top_logprobs: [] }], refusal: null };
const ANSWER: JsonObject = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "gpt-4o-mini-2024",
  system_fingerprint: "fp_1",
  choices: [
    {
      index: 0,
      finish_reason: "tool_calls",
      logprobs: LOGPROBS,
      message: {
        role: "assistant",
        content: "hello",
        refusal: "refused",
        reasoning_content: "reasoned",
        annotations: [{ type: "url_citation", url_citation: { url: "https://a.test", title: "annotation" } }],
        audio: { id: "audio_1", data: "AAAA", transcript: "spoken", expires_at: 1 },
        tool_calls: [
          { id: "call_1", type: "function", function: { name: "f", arguments: '{"a":1}' } },
          { id: "call_2", type: "custom", custom: { name: "run", input: "custom" } },
        ],
      },
    },
    {
      index: 1,
      finish_reason: "function_call",
      logprobs: null,
      message: { role: "assistant", content: null, function_call: { name: "g", arguments: "{}" } },
    },
    { index: 2, finish_reason: "stop", message: { role: "assistant", content: [{ type: "text", text: "part" }] } },
  ],
  usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13, prompt_tokens_details: { cached_tokens: 8 } },
  provider: "unknown member",
};

describe("A chat answer", () => {
  it("gives every text of every choice", () => {
    expect(describeSpans(readJson(ANSWER).spans)).toEqual([
      "choices[0].message.content | assistant | rewritable | hello",
      "choices[0].message.refusal | assistant | rewritable | refused",
      "choices[0].message.reasoning_content | assistant | rewritable | reasoned",
      "choices[0].message.annotations[0].type | assistant | scanned | url_citation",
      "choices[0].message.annotations[0].url_citation.url | assistant | scanned | https://a.test",
      "choices[0].message.annotations[0].url_citation.title | assistant | scanned | annotation",
      "choices[0].message.audio.transcript | assistant | rewritable | spoken",
      "choices[0].message.tool_calls[0].function.name | assistant | scanned | f",
      'choices[0].message.tool_calls[0].function.arguments | assistant | rewritable json | {"a":1}',
      "choices[0].message.tool_calls[1].custom.name | assistant | scanned | run",
      "choices[0].message.tool_calls[1].custom.input | assistant | rewritable | custom",
      "choices[1].message.function_call.name | assistant | scanned | g",
      "choices[1].message.function_call.arguments | assistant | rewritable json | {}",
      "choices[2].message.content[0].text | assistant | rewritable | part",
      "provider | assistant | scanned | unknown member",
    ]);
  });

  it("says where logprobs repeat a text, where they do", () => {
    const repeated = readJson(ANSWER).spans.filter((span) => span.repeatedAt !== undefined);
    const said = ["hello", "refused", "reasoned", "spoken", '{"a":1}', "custom"];
    expect(repeated.map((span) => [span.text, span.repeatedAt])).toEqual(
      said.map((text) => [text, [["choices", 0, "logprobs", "content"]]]),
    );
  });

  it("gives calls, usage and no id: it cannot be asked for again", () => {
    expect(readJson(ANSWER)).toMatchObject({
      toolCalls: ["function", "custom", "function"],
      usage: { inputTokens: 9, outputTokens: 4 },
      responseId: null,
    });
  });

  it("has no usage where it says none", () => {
    expect(readJson({ choices: [], usage: null }).usage).toBeNull();
    expect(readJson({ choices: [], usage: { prompt_tokens: "9" } }).usage).toBeNull();
    expect(readJson({ usage: { prompt_tokens: 9 } }).usage).toEqual({ inputTokens: 9, outputTokens: null });
  });

  it("that is withheld ends every choice by the content filter, with no text, call or logprob left", () => {
    const filtered = (index: number): JsonObject => ({
      index,
      message: { role: "assistant", content: null, refusal: null },
      logprobs: null,
      finish_reason: "content_filter",
    });
    expect(withholdJson(ANSWER)).toEqual({
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 1,
      model: "gpt-4o-mini-2024",
      system_fingerprint: "fp_1",
      choices: [filtered(0), filtered(1), filtered(2)],
      usage: ANSWER.usage,
    });
  });

  it.each([null, "text", [], {}, { choices: "none" }])(
    "that is withheld has a choice even when %j had none",
    (value) => {
      expect(withholdJson(value)).toMatchObject({ choices: [{ index: 0, finish_reason: "content_filter" }] });
    },
  );
});

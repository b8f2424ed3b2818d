import { anthropicMessages } from "../../../../adapters/protocols/anthropic-messages";
import type { JsonObject } from "../../../../lib/json";
import { describeSpans } from "../../../support/describe-text";

const { readJson, withholdJson } = anthropicMessages.response;

const ANSWER: JsonObject = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-4-5",
  content: [
    { type: "thinking", thinking: "thought", signature: "c2ln" },
    { type: "redacted_thinking", data: "ZW5j" },
    {
      type: "text",
      text: "hello",
      citations: [{ type: "char_location", cited_text: "quoted", document_title: "title" }],
    },
    { type: "tool_use", id: "toolu_1", name: "Bash", input: { command: "ls", list: ["a", 1] } },
    { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "q" } },
    {
      type: "web_search_tool_result",
      tool_use_id: "srvtoolu_1",
      content: [{ type: "web_search_result", title: "found", encrypted_content: "ZW5j" }],
    },
    { type: "invented_tomorrow", words: "unknown block" },
  ],
  stop_reason: "tool_use",
  stop_sequence: null,
  usage: { input_tokens: 9, output_tokens: 4, cache_read_input_tokens: 8, service_tier: "standard" },
  stop_details: { explanation: "unknown member" },
};

describe("A message answer", () => {
  it("gives every text of every block", () => {
    expect(describeSpans(readJson(ANSWER).spans)).toEqual([
      "content[0].thinking | assistant | scanned | thought",
      "content[2].text | assistant | rewritable | hello",
      "content[2].citations[0].cited_text | assistant | scanned | quoted",
      "content[2].citations[0].document_title | assistant | scanned | title",
      "content[3].name | assistant | scanned | Bash",
      'content[3].input | assistant | rewritable structured | {"command":"ls","list":["a",1]}',
      "content[4].name | assistant | scanned | web_search",
      'content[4].input | assistant | rewritable structured | {"query":"q"}',
      "content[5].content[0].title | tool | scanned | found",
      "content[6].type | assistant | scanned | invented_tomorrow",
      "content[6].words | assistant | scanned | unknown block",
      "stop_details.explanation | assistant | scanned | unknown member",
    ]);
  });

  it("gives calls by the type of tool, usage and no id: it cannot be asked for again", () => {
    expect(readJson(ANSWER)).toMatchObject({
      toolCalls: ["custom", "server_tool_use"],
      usage: { inputTokens: 9, outputTokens: 4 },
      responseId: null,
    });
  });

  it("to count_tokens has neither text nor usage: nothing was used", () => {
    expect(readJson({ input_tokens: 12 })).toEqual({ spans: [], toolCalls: [], usage: null, responseId: null });
  });

  it("that is withheld is a refusal with nothing in it", () => {
    expect(withholdJson(ANSWER)).toEqual({
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "claude-sonnet-4-5",
      content: [],
      stop_reason: "refusal",
      stop_sequence: null,
      usage: ANSWER.usage,
    });
  });

  it.each([null, "text", [], {}])("that is withheld is a whole message even when it was %j", (value) => {
    expect(withholdJson(value)).toMatchObject({
      type: "message",
      content: [],
      stop_reason: "refusal",
      usage: { input_tokens: 0, output_tokens: 0 },
    });
  });
});

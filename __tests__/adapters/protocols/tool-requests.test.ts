import { anthropicMessages } from "../../../adapters/protocols/anthropic-messages";
import { openaiChat } from "../../../adapters/protocols/openai-chat";
import { formatPath, type JsonObject } from "../../../lib/json";
import type { Protocol } from "../../../lib/ports/protocol";
import { documentOf } from "../../support/document-of";
import { readOpenaiReference } from "../../support/openai-reference";

const MESSAGES = [{ role: "user", content: "hi" }];

describe.each([openaiChat, anthropicMessages])("A tool request on $name", (protocol) => {
  it("is never made by a plain question, nor enforced unasked", () => {
    expect(requests(protocol, { tools: [], tool_choice: null })).toEqual([]);
    expect(requests(protocol, { tools: null, max_tokens: 5, temperature: 1, metadata: { tools: "prose" } })).toEqual(
      [],
    );
    expect(protocol.askModeByDefault).toBe(false);
  });

  it("is made by any member off the closed list, whatever its value", () => {
    expect(requests(protocol, { invented_tomorrow: true, __proto__x: null })).toEqual([
      "invented_tomorrow: null",
      "__proto__x: null",
    ]);
  });

  it("is made by an agent, which brings tools", () => {
    expect(requests(protocol, { model: "agent/7" })).toEqual(["model: null"]);
  });

  it("is made by a tool of a type that nobody knows", () => {
    expect(requests(protocol, { tools: [{ type: "telepathy_20300101" }] })).toEqual(["tools[0]: telepathy_20300101"]);
  });
});

describe("A chat completion", () => {
  it.each<[JsonObject, string[]]>([
    [
      { tools: [{ type: "function" }, { type: "custom" }, {}] },
      ["tools[0]: function", "tools[1]: custom", "tools[2]: function"],
    ],
    [{ functions: [{ name: "f" }] }, ["functions[0]: function"]],
    [{ tool_choice: "none" }, []],
    [{ tool_choice: "auto" }, []],
    [{ tool_choice: "required" }, ["tool_choice: null"]],
    [{ tools: [{ type: "custom" }], tool_choice: "required" }, ["tools[0]: custom", "tool_choice: custom"]],
    [{ tool_choice: { type: "function", function: { name: "f" } } }, ["tool_choice: null"]],
    [{ function_call: "auto" }, []],
    [{ function_call: { name: "f" } }, ["function_call: function"]],
    [{ web_search_options: {} }, ["web_search_options: web_search"]],
    [{ web_search_options: null }, []],
    [{ parallel_tool_calls: true, response_format: { type: "text" } }, []],
  ])("asks for tools with %j: %j", (members, expected) => {
    expect(requests(openaiChat, members)).toEqual(expected);
  });

  it("has no member in the installed reference that is not judged: the new ones ask for tools", () => {
    const reference = readOpenaiReference("../chat/completions/completions.d.ts");
    const members = reference.membersOf("ChatCompletionCreateParamsBase");
    const asking = members.filter((name) => requests(openaiChat, { [name]: {} }).length > 0);
    expect(asking.sort()).toEqual(["function_call", "functions", "tool_choice", "tools", "web_search_options"]);
  });

  it("asks for tools through its history", () => {
    const messages = [
      { role: "assistant", tool_calls: [{ type: "function" }, { type: "custom" }, { custom: {} }] },
      { role: "assistant", function_call: { name: "f" } },
      { role: "tool", content: "result" },
      { role: "function", content: "result" },
      { role: "user", content: "hi", tool_calls: null, function_call: null },
    ];
    expect(requests(openaiChat, { messages })).toEqual([
      "messages[0].tool_calls[0]: function",
      "messages[0].tool_calls[1]: custom",
      "messages[0].tool_calls[2]: custom",
      "messages[1].function_call: function",
      "messages[2]: function",
      "messages[3]: function",
    ]);
  });
});

describe("A message", () => {
  it.each<[JsonObject, string[]]>([
    [{ tools: [{ name: "Bash", input_schema: {} }] }, ["tools[0]: custom"]],
    [{ tools: [{ type: "custom" }, { type: "bash_20250124" }] }, ["tools[0]: custom", "tools[1]: bash_20250124"]],
    [{ tools: [{ type: "web_search_20250305" }] }, ["tools[0]: web_search_20250305"]],
    [{ tool_choice: { type: "none" } }, []],
    [{ tool_choice: { type: "auto", disable_parallel_tool_use: true } }, []],
    [{ tool_choice: { type: "any" } }, ["tool_choice: null"]],
    [{ tools: [{}], tool_choice: { type: "tool", name: "Bash" } }, ["tools[0]: custom", "tool_choice: custom"]],
    [{ mcp_servers: [{ type: "url" }] }, ["mcp_servers: mcp"]],
    [{ mcp_servers: [] }, []],
    [{ container: "container_1" }, ["container: container"]],
    [{ container: null }, []],
    [{ thinking: { type: "adaptive" }, context_management: { edits: [] }, output_config: {}, system: "s" }, []],
  ])("asks for tools with %j: %j", (members, expected) => {
    expect(requests(anthropicMessages, members)).toEqual(expected);
  });

  it.each<[string, string | null]>([
    ["text", null],
    ["image", null],
    ["document", null],
    ["search_result", null],
    ["thinking", null],
    ["redacted_thinking", null],
    ["fallback", null],
    ["tool_use", "custom"],
    ["tool_result", "custom"],
    ["server_tool_use", "server_tool_use"],
    ["web_search_tool_result", "web_search_tool_result"],
    ["mcp_tool_use", "mcp_tool_use"],
    ["mcp_tool_result", "mcp_tool_result"],
    ["container_upload", "container_upload"],
    ["tool_addition", "tool_addition"],
    ["compaction", "compaction"],
    ["invented_tomorrow", "invented_tomorrow"],
  ])("with a %s block in its history asks for %j", (type, expected) => {
    const messages = [{ role: "assistant", content: [{ type }] }];
    const found = expected === null ? [] : [`messages[0].content[0]: ${expected}`];
    expect(requests(anthropicMessages, { messages })).toEqual(found);
  });

  it("with a block of no type asks for something that is not known", () => {
    expect(requests(anthropicMessages, { messages: [{ role: "user", content: [{}] }] })).toEqual([
      "messages[0].content[0]: null",
    ]);
  });
});

function requests(protocol: Protocol, members: JsonObject): string[] {
  const [operation] = protocol.operations;
  if (operation === undefined) throw new Error("no operation");
  const body = documentOf({ model: "m", messages: MESSAGES, ...members });
  return protocol.toolRequests(body, operation).map(({ path, type }) => `${formatPath(path)}: ${type ?? "null"}`);
}

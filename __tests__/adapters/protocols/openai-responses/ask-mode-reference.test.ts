import fc from "fast-check";
import { openaiResponses } from "../../../../adapters/protocols/openai-responses";
import { formatPath, type JsonObject, type JsonValue } from "../../../../lib/json";
import clients from "../../../golden/responses/clients.json";
import { documentOf } from "../../../support/document-of";
import { readOpenaiReference } from "../../../support/openai-reference";

const reference = readOpenaiReference("responses.d.ts");
const CODEX_TOOLS = ["function", "custom", "namespace"];

/** Members of the reference that are harmless whatever they hold. */
const HARMLESS = [
  "conversation",
  "instructions",
  "max_output_tokens",
  "metadata",
  "moderation",
  "parallel_tool_calls",
  "personality",
  "previous_response_id",
  "prompt_cache_key",
  "prompt_cache_options",
  "prompt_cache_retention",
  "reasoning",
  "safety_identifier",
  "service_tier",
  "store",
  "stream",
  "stream_options",
  "temperature",
  "text",
  "top_logprobs",
  "top_p",
  "truncation",
  "user",
];
/** Members whose value decides. */
const JUDGED = ["background", "context_management", "include", "input", "max_tool_calls", "model"];
const JUDGED_TOO = ["prompt", "tool_choice", "tools"];

/** Which type of tool each item of `input` belongs to; null: it is words. */
const ITEMS: Readonly<Record<string, string | null>> = {
  message: null,
  reasoning: null,
  file_search_call: "file_search",
  computer_call: "computer",
  computer_call_output: "computer",
  web_search_call: "web_search",
  function_call: "function",
  function_call_output: "function",
  tool_search_call: "tool_search",
  tool_search_output: "tool_search",
  additional_tools: "additional_tools",
  compaction: "compaction",
  compaction_trigger: "compaction_trigger",
  image_generation_call: "image_generation",
  code_interpreter_call: "code_interpreter",
  local_shell_call: "local_shell",
  local_shell_call_output: "local_shell",
  shell_call: "shell",
  shell_call_output: "shell",
  apply_patch_call: "apply_patch",
  apply_patch_call_output: "apply_patch",
  mcp_list_tools: "mcp",
  mcp_approval_request: "mcp",
  mcp_approval_response: "mcp",
  mcp_call: "mcp",
  custom_tool_call: "custom",
  custom_tool_call_output: "custom",
  item_reference: "item_reference",
  program: "programmatic_tool_calling",
  program_output: "programmatic_tool_calling",
};

describe("The reference of the installed SDK", () => {
  it("has no request member that is not classified", () => {
    const named = [
      ...reference.membersOf("ResponseCreateParamsBase"),
      ...reference.membersOf("ResponsesClientEvent").filter((name) => name !== "type"),
      ...reference.membersOf("ResponseCompactParams"),
      ...readOpenaiReference("input-tokens.d.ts").membersOf("InputTokenCountParams"),
    ];
    expect([...new Set(named)].sort()).toEqual([...HARMLESS, ...JUDGED, ...JUDGED_TOO].sort());
  });

  it("has no input item that is not classified", () => {
    expect(reference.typesOf("ResponseInputItem").sort()).toEqual(Object.keys(ITEMS).sort());
  });

  it("has tool types, of which every one is refused under its own name", () => {
    const types = reference.typesOf("Tool");
    expect(types.length).toBeGreaterThan(15);
    for (const type of [...types, "web_search_2031_01_01", "future_tool"]) {
      expect(offending({ tools: [{ type }] })).toEqual([`tools[0] ${type}`]);
    }
  });

  it("has includes, of which only those without tool output pass", () => {
    const passing = reference
      .typesOf("ResponseIncludable")
      .filter((name) => offending({ include: [name] }).length === 0);
    expect(passing.sort()).toEqual([
      "message.input_image.image_url",
      "message.output_text.logprobs",
      "reasoning.encrypted_content",
    ]);
  });

  it("has words for tool_choice, of which only none and auto pass", () => {
    const words = reference
      .typesOf("ToolChoiceOptions")
      .filter((word) => offending({ tool_choice: word }).length === 0);
    expect(words.sort()).toEqual(["auto", "none"]);
  });
});

describe("What Ask Mode does not let pass", () => {
  it.each(HARMLESS)("is not the member %s", (name) => {
    expect(offending({ [name]: "anything" })).toEqual([]);
  });

  it.each(Object.entries(ITEMS))("is judged by type for input items: %s", (type, tool) => {
    expect(offending({ input: [{ type }] })).toEqual(tool === null ? [] : [`input[0] ${tool}`]);
  });

  it.each<[string, JsonObject, string[]]>([
    ["tools that are none", { tools: [] }, []],
    ["tools that are null", { tools: null }, []],
    ["a tool without a type", { tools: [{ name: "x" }] }, ["tools[0] null"]],
    [
      "tools inside a namespace",
      { tools: [{ type: "namespace", tools: [{ type: "mcp" }] }] },
      ["tools[0] namespace", "tools[0].tools[0] mcp"],
    ],
    ["functions", { functions: [] }, ["functions null"]],
    ["no choice", { tool_choice: "none" }, []],
    ["null for a choice", { tool_choice: null }, []],
    ["a required choice", { tool_choice: "required" }, ["tool_choice null"]],
    [
      "a required choice of what is listed",
      { tools: [{ type: "function" }], tool_choice: "required" },
      ["tools[0] function", "tool_choice function"],
    ],
    ["a chosen tool", { tool_choice: { type: "mcp", server_label: "s" } }, ["tool_choice mcp"]],
    [
      "a narrowed choice",
      { tool_choice: { type: "allowed_tools", mode: "auto", tools: [{ type: "function" }, { type: "mcp" }] } },
      ["tool_choice.tools[0] function", "tool_choice.tools[1] mcp"],
    ],
    [
      "a narrowed choice of nothing",
      { tool_choice: { type: "allowed_tools", tools: [] } },
      ["tool_choice allowed_tools"],
    ],
    ["an agent", { model: "agent/one" }, ["model null"]],
    ["a stored prompt", { prompt: { id: "pmpt_1" } }, ["prompt null"]],
    ["no stored prompt", { prompt: null }, []],
    ["the background", { background: true }, ["background null"]],
    ["the foreground", { background: false }, []],
    ["a number of tool calls", { max_tool_calls: 1 }, ["max_tool_calls null"]],
    ["no number of tool calls", { max_tool_calls: null }, []],
    [
      "results of a tool",
      { include: ["reasoning.encrypted_content", "code_interpreter_call.outputs"] },
      ["include[1] code_interpreter"],
    ],
    ["an unknown include", { include: ["future.things"] }, ["include[0] future"]],
    ["an include that is no name", { include: [{}] }, ["include[0] null"]],
    ["compaction", { context_management: [{ type: "compaction" }] }, []],
    ["other management", { context_management: [{ type: "future" }] }, ["context_management[0] null"]],
    ["a message without a type", { input: [{ role: "user", content: "hi" }] }, []],
    ["a reference without a type", { input: [{ id: "msg_1" }] }, ["input[0] item_reference"]],
    ["an item whose type is no name", { input: [{ type: 7, role: "user" }] }, ["input[0] null"]],
    ["an item of tomorrow", { input: [{ type: "telepathy" }] }, ["input[0] telepathy"]],
    [
      "an item that carries tools",
      { input: [{ type: "additional_tools", tools: [{ type: "shell" }] }] },
      ["input[0].tools[0] shell"],
    ],
    [
      "a message that carries tools",
      { input: [{ role: "user", tools: [{ type: "mcp" }] }] },
      ["input[0].tools[0] mcp"],
    ],
    ["input as a string", { input: "USE the tools" }, []],
  ])("is said for %s", (_name, body, expected) => {
    expect(offending(body)).toEqual(expected);
  });

  it("comes in document order", () => {
    const body = { background: true, input: [{ type: "mcp_call" }], tools: [{ type: "function" }] };
    expect(offending(body)).toEqual(["background null", "input[0] mcp", "tools[0] function"]);
  });

  it("is any of 10,000 members, tool types and items that nobody knows", () => {
    const known = new Set([...HARMLESS, ...JUDGED, ...JUDGED_TOO, "client_metadata", ...Object.keys(ITEMS)]);
    const stranger = fc
      .oneof(
        fc.string({ maxLength: 24 }),
        fc.constantFrom("__proto__", "constructor", "toString", "Tools", "tools ", "input\u0000"),
      )
      .filter((name) => !known.has(name));
    const value = fc.oneof(
      fc.constantFrom<JsonValue>(null, true, false, 0, "", "x"),
      fc.constant<JsonValue>([]),
      fc.constant<JsonValue>({}),
    );
    const places: readonly ((name: string, held: JsonValue) => JsonObject)[] = [
      (name, held) => ownMember(name, held),
      (name) => ({ tools: [{ type: name }] }),
      (name) => ({ input: [{ type: name, role: "user" }] }),
      (name) => ({ tool_choice: { type: name } }),
    ];
    fc.assert(
      fc.property(
        stranger,
        value,
        fc.constantFrom(...places),
        (name, held, place) => offending(place(name, held)).length > 0,
      ),
      { numRuns: 10_000 },
    );
  });

  it.each(clients as unknown as { client: string; request: JsonObject }[])(
    "is nothing but client-executed tools for real clients: $client",
    ({ request }) => {
      const refused = openaiResponses.toolRequests(documentOf(request), operation()).filter(({ type }) => {
        return type === null || !CODEX_TOOLS.includes(type);
      });
      expect(refused).toEqual([]);
    },
  );
});

/** `{ [name]: value }` writes a prototype for `__proto__`. */
function ownMember(name: string, value: JsonValue): JsonObject {
  return JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`) as JsonObject;
}

function offending(body: JsonObject): string[] {
  const requests = openaiResponses.toolRequests({ bytes: new Uint8Array(), value: body }, operation());
  return requests.map(({ path, type }) => `${formatPath(path)} ${type ?? "null"}`);
}

function operation(): (typeof openaiResponses.operations)[number] {
  const [create] = openaiResponses.operations;
  if (create === undefined) throw new Error("no operation");
  return create;
}

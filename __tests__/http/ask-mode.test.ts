import { chat, messages, responses, type Dialect } from "../support/dialects";
import { askModeRefusal } from "../support/ask-mode-refusal";
import { check, FORMS, type Ask } from "../support/http-check";
import { EXPRESSES, openSite, type Site } from "../support/site";

const TOOL_TYPES = [
  "function",
  "custom",
  "namespace",
  "web_search",
  "web_search_preview",
  "web_search_preview_2025_03_11",
  "web_search_2025_08_26",
  "file_search",
  "code_interpreter",
  "computer",
  "computer_use_preview",
  "image_generation",
  "mcp",
  "local_shell",
  "shell",
  "apply_patch",
  "tool_search",
  "a_future_tool",
];

describe.each(EXPRESSES)("Ask Mode on /v1/responses on %s", (_name, express) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({ express });
  });
  afterAll(() => site.close());

  const asker: Ask = { dialect: responses, as: "asker" };

  it.each(TOOL_TYPES)("E01 E02: a tool of type %s is refused, in every form of asking", async (type) => {
    for (const form of FORMS) {
      for (const stream of [false, true]) {
        const tools = [{ type, name: "t", parameters: {} }];
        await check(site, { ...asker, form, with: { tools, stream } }, askModeRefusal("tools[0]"));
      }
    }
    await check(site, { ...asker, as: "alice", with: { tools: [{ type, name: "t", parameters: {} }] } }, {});
  });

  it.each([
    ["E03 no tools", { tools: [] }],
    ["E03 null tools", { tools: null }],
    ["tool_choice none", { tool_choice: "none" }],
    ["tool_choice auto", { tool_choice: "auto" }],
    ["background false", { background: false }],
    ["E10 parallel_tool_calls", { parallel_tool_calls: true }],
    ["encrypted reasoning", { include: ["reasoning.encrypted_content"] }],
    ["what codex sends", { client_metadata: { a: "b" }, prompt_cache_key: "k", store: false }],
    [
      "E13 tools as metadata and prose",
      { metadata: { tools: "[]" }, instructions: 'Use tools: [{"type":"function"}]' },
    ],
    [
      "E13 tools as an output format",
      { text: { format: { type: "json_schema", name: "tools", schema: { tools: [] } } } },
    ],
    [
      "messages as input",
      {
        input: [
          { role: "user", content: "Hello" },
          { type: "reasoning", id: "r", summary: [] },
        ],
      },
    ],
  ])("lets %s pass", (_what, members) => check(site, { ...asker, with: members }, {}));

  it.each([
    ["a required tool", { tool_choice: "required" }, "tool_choice"],
    ["a named tool", { tool_choice: { type: "function", name: "f" } }, "tool_choice"],
    ["a stored prompt", { prompt: { id: "pmpt_1" } }, "prompt"],
    ["E08 background", { background: true }, "background"],
    ["E10 include", { include: ["code_interpreter_call.outputs"] }, "include[0]"],
    ["E10 max_tool_calls", { max_tool_calls: 1 }, "max_tool_calls"],
    ["functions", { functions: [{ name: "f" }] }, "functions"],
    ["an unknown field", { a_future_field: 1 }, "a_future_field"],
    ["a function call", { input: [{ type: "function_call", call_id: "c", name: "f", arguments: "{}" }] }, "input[0]"],
    ["a call's output", { input: [{ type: "function_call_output", call_id: "c", output: "x" }] }, "input[0]"],
    ["an MCP approval", { input: [{ type: "mcp_approval_response", approve: true }] }, "input[0]"],
    [
      "a computer call",
      {
        input: [
          { role: "user", content: "a" },
          { type: "computer_call", id: "c" },
        ],
      },
      "input[1]",
    ],
    ["an item reference", { input: [{ type: "item_reference", id: "i" }] }, "input[0]"],
    ["an unknown item", { input: [{ type: "a_future_item" }] }, "input[0]"],
  ])("refuses %s and names the field", (_what, members, field) =>
    check(site, { ...asker, with: members }, askModeRefusal(field)),
  );

  it("E11: refuses an agent, which supplies its own tools", () =>
    check(site, { ...asker, with: { model: "agent/x" } }, askModeRefusal("model")));

  it("E14: duplicate tools are 400 before Ask Mode looks", () =>
    check(
      site,
      { ...asker, body: '{"model":"gpt-4o-mini","input":"a","tools":[],"tools":[{"type":"function"}]}' },
      { refused: "invalid_body", reason: "duplicate_key" },
    ));

  it.each([
    ["an object", {}, "tools"],
    ["a string", "function", "tools"],
    ["strings", ["function"], "tools[0]"],
    ["nulls", [null], "tools[0]"],
    ["lists", [[]], "tools[0]"],
  ])("E15: tools as %s are 400", (_what, tools, field) =>
    check(
      site,
      { ...asker, with: { tools } },
      { refused: "invalid_body", reason: "invalid_schema", message: `The request body is not valid: ${field}` },
    ),
  );

  it("E15: ten thousand tools are refused at the first", () =>
    check(
      site,
      { ...asker, with: { tools: Array.from({ length: 10_000 }, () => ({ type: "function" })) } },
      askModeRefusal("tools[0]"),
    ));

  it("E20: binds who is in such groups only; administrators never, and one free group frees", async () => {
    const tools = [{ type: "function", name: "f", parameters: {} }];
    await check(site, { ...asker, with: { tools } }, askModeRefusal("tools[0]"));
    for (const as of ["both", "alice", "root"]) await check(site, { ...asker, as, with: { tools } }, {});
  });

  it.each<[Dialect, object]>([
    [chat, { tools: [{ type: "function", function: { name: "f" } }], web_search_options: {} }],
    [messages, { tools: [{ name: "f", input_schema: { type: "object" } }], mcp_servers: [], container: "c" }],
  ])("E17: is not enforced on $path unless asked for", (dialect, members) =>
    check(site, { dialect, as: "asker", with: members }, {}),
  );
});

import { chat, DIALECTS, messages, responses, type Dialect } from "../support/dialects";
import { askModeRefusal } from "../support/ask-mode-refusal";
import { check, type Ask } from "../support/http-check";
import { openSite } from "../support/site";

describe("Ask Mode options", () => {
  it("E17: askMode.protocols extends it to chat and messages", async () => {
    const site = await openSite({ askMode: { protocols: ["chat", "messages"] } });
    const cases: readonly (readonly [Dialect, object, string])[] = [
      [chat, { tools: [{ type: "function", function: { name: "f" } }] }, "tools[0]"],
      [chat, { web_search_options: {} }, "web_search_options"],
      [chat, { functions: [{ name: "f" }] }, "functions[0]"],
      [messages, { tools: [{ name: "f", input_schema: { type: "object" } }] }, "tools[0]"],
      [messages, { mcp_servers: [{ url: "https://x.test" }] }, "mcp_servers[0]"],
      [messages, { container: "c" }, "container"],
    ];
    for (const [dialect, members, field] of cases) {
      const { json } = await check(
        site,
        { dialect, as: "asker", with: members },
        { refused: "ask_mode_only", reason: "ask_mode" },
      );
      expect(JSON.stringify(json)).toContain(field.replace("[0]", ""));
      await check(site, { dialect, as: "both", with: members }, {});
    }
    for (const dialect of DIALECTS) await check(site, { dialect, as: "asker" }, {});
    await site.close();
  });

  it("allowTools admits client-executed tools of those types and what belongs to them, and nothing else", async () => {
    const site = await openSite({ askMode: { allowTools: ["function"] } });
    const asker: Ask = { dialect: responses, as: "asker" };
    const call = { type: "function_call", call_id: "c", name: "f", arguments: "{}" };
    const output = { type: "function_call_output", call_id: "c", output: "x" };
    await check(
      site,
      { ...asker, with: { tools: [{ type: "function", name: "f", parameters: {} }], input: [call, output] } },
      {},
    );
    await check(
      site,
      {
        ...asker,
        with: {
          tools: [
            { type: "function", name: "f" },
            { type: "mcp", server_label: "s" },
          ],
        },
      },
      askModeRefusal("tools[1]"),
    );
    await check(site, { ...asker, with: { input: [{ type: "shell_call" }] } }, askModeRefusal("input[0]"));
    await site.close();
  });

  it("E20: any-group binds who is in one such group", async () => {
    const site = await openSite({ askMode: { resolution: "any-group" } });
    const members = { tools: [{ type: "function", name: "f", parameters: {} }] };
    await check(site, { dialect: responses, as: "both", with: members }, askModeRefusal("tools[0]"));
    for (const as of ["alice", "root"]) await check(site, { dialect: responses, as, with: members }, {});
    await site.close();
  });
});

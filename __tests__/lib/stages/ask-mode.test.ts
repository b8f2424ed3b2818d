import { memoryLedger } from "../../../adapters/stores/memory-ledger";
import { openaiChat } from "../../../adapters/protocols/openai-chat";
import { openaiResponses } from "../../../adapters/protocols/openai-responses";
import type { EntitledCall } from "../../../lib/call";
import { Denial } from "../../../lib/denial";
import type { JsonObject } from "../../../lib/json";
import type { Protocol } from "../../../lib/ports/protocol";
import type { LedgerEntry, ResponseLedger } from "../../../lib/ports/response-ledger";
import {
  askMode,
  isAskModeBound,
  isToolFree,
  withholdsToolCalls,
  type AskModeOptions,
} from "../../../lib/stages/ask-mode";
import clients from "../../golden/responses/clients.json";
import { clearedCall } from "../../support/cleared-call";
import { documentOf } from "../../support/document-of";

const DEFAULTS: AskModeOptions = { protocols: [], allowTools: [] };
const CODEX: AskModeOptions = { protocols: [], allowTools: ["function", "custom", "namespace"] };
const OWN: LedgerEntry = {
  responseId: "resp_1",
  organizationId: "o1",
  userId: "u1",
  upstream: "openai",
  toolFree: true,
};
const TOOLS = { tools: [{ type: "function", name: "f" }] };

describe("A caller in Ask Mode", () => {
  it.each<[string, JsonObject]>([
    ["a question", { input: "hi" }],
    [
      "a conversation",
      {
        input: [
          { role: "user", content: "hi" },
          { type: "reasoning", summary: [] },
        ],
      },
    ],
    ["no tools", { tools: [], tool_choice: "none" }],
    ["what is harmless", { parallel_tool_calls: true, metadata: { tools: "prose" }, client_metadata: {} }],
  ])("may send %s", async (_what, body) => {
    expect(await judged(body)).toBe("passed");
  });

  it.each<[JsonObject, string]>([
    [TOOLS, "tools[0]"],
    [{ model: "agent/one" }, "model"],
    [{ background: true }, "background"],
    [{ input: [{ role: "user", content: "hi" }, { type: "mcp_call" }] }, "input[1]"],
    [{ something_new: 1 }, "something_new"],
  ])("is told which field is refused: %j", async (body, field) => {
    expect(await judged(body)).toBe(`ask_mode_only ask_mode ${field} ask_mode:${field}`);
  });

  it("may go on from an answer of its own that no tool touched", async () => {
    const body = { input: "and?", previous_response_id: "resp_1" };
    expect(await judged(body, { entries: [OWN] })).toBe("passed");
  });

  it.each<[string, LedgerEntry[]]>([
    ["nobody remembers", []],
    ["is another user's", [{ ...OWN, userId: "u2" }]],
    ["is another organisation's", [{ ...OWN, organizationId: "o2" }]],
    ["carries tools", [{ ...OWN, toolFree: false }]],
  ])("may not go on from an answer that %s", async (_what, entries) => {
    for (const field of ["previous_response_id", "conversation"]) {
      const verdict = await judged({ input: "and?", [field]: "resp_1" }, { entries });
      expect(verdict).toBe(`ask_mode_only ask_mode ${field} ask_mode:${field}`);
    }
  });

  it("is refused, not let through, when the ledger cannot answer", async () => {
    const ledger: ResponseLedger = {
      ...ledgerOf([]),
      find: () => Promise.reject(new Error("connection lost")),
    };
    const call = callOf({ input: "and?", previous_response_id: "resp_1" });
    const thrown: unknown = await askMode(call, { ledger, options: DEFAULTS }).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(Denial);
    expect(thrown).toMatchObject({ code: "store_unavailable", reason: "store_unavailable" });
  });

  it("may use the tools that the operator admits, and no others", async () => {
    expect(await judged(TOOLS, { options: CODEX })).toBe("passed");
    const mixed = { tools: [{ type: "custom", name: "c" }, { type: "web_search" }] };
    expect(await judged(mixed, { options: CODEX })).toContain("tools[1]");
    const hidden = { tools: [{ type: "namespace", name: "n", tools: [{ type: "mcp" }] }] };
    expect(await judged(hidden, { options: CODEX })).toContain("tools[0].tools[0]");
    expect(await judged({ ...TOOLS, background: true }, { options: CODEX })).toContain("background");
    const chain = { ...TOOLS, previous_response_id: "resp_1" };
    expect(await judged(chain, { options: CODEX, entries: [{ ...OWN, toolFree: false }] })).toContain(
      "previous_response_id",
    );
  });

  it.each(sessionsWithTools())("runs a coding agent only where that is allowed: $client", async ({ request }) => {
    expect(await judged(request)).toContain("ask_mode_only");
    expect(await judged(request, { options: CODEX })).toBe("passed");
  });
});

describe("Ask Mode", () => {
  it("binds callers whose groups say so, on Responses, and elsewhere by option", () => {
    const grantOf = (askModeOnly: boolean) => ({ ...clearedCall().grant, askModeOnly });
    const bound = (protocol: Protocol, askModeOnly: boolean, protocols: string[]) =>
      isAskModeBound({ protocol, grant: grantOf(askModeOnly) }, { protocols, allowTools: [] });
    expect(bound(openaiResponses, true, [])).toBe(true);
    expect(bound(openaiResponses, false, [])).toBe(false);
    expect(bound(openaiChat, true, [])).toBe(false);
    expect(bound(openaiChat, true, ["chat"])).toBe(true);
    expect(bound(openaiChat, false, ["chat"])).toBe(false);
  });

  it("leaves everybody else's tools alone", async () => {
    expect(await judged(TOOLS, { askModeOnly: false })).toBe("passed");
  });

  it("withholds answers that call tools, but for those that are admitted", () => {
    const call = callOf({});
    expect(withholdsToolCalls(call, [], DEFAULTS)).toBe(false);
    expect(withholdsToolCalls(call, ["function"], DEFAULTS)).toBe(true);
    expect(withholdsToolCalls(call, ["function", "custom"], CODEX)).toBe(false);
    expect(withholdsToolCalls(call, ["function", "mcp"], CODEX)).toBe(true);
    expect(withholdsToolCalls(callOf({}, false), ["mcp"], DEFAULTS)).toBe(false);
  });
});

describe("A call is tool-free", () => {
  it.each<[string, JsonObject, LedgerEntry[], boolean]>([
    ["without tools", { input: "hi" }, [], true],
    ["not with tools", TOOLS, [], false],
    ["not with something unknown", { something_new: 1 }, [], false],
    ["when what it goes on from is", { previous_response_id: "resp_1" }, [OWN], true],
    ["not when what it goes on from is not", { previous_response_id: "resp_1" }, [{ ...OWN, toolFree: false }], false],
    ["not when what it goes on from is unknown", { previous_response_id: "resp_1" }, [], false],
  ])("%s", (_when, body, chain, expected) => {
    const call = callOf(body, false);
    if (call.prompt === null) throw new Error("no prompt");
    expect(isToolFree(call, call.prompt, chain)).toBe(expected);
  });
});

interface Judging {
  readonly options?: AskModeOptions;
  readonly entries?: readonly LedgerEntry[];
  readonly askModeOnly?: boolean;
}

async function judged(
  body: JsonObject,
  { options = DEFAULTS, entries = [], askModeOnly }: Judging = {},
): Promise<string> {
  const ledger = ledgerOf(entries);
  try {
    await askMode(callOf(body, askModeOnly), { ledger, options });
    return "passed";
  } catch (thrown) {
    if (!(thrown instanceof Denial)) throw thrown;
    return [thrown.code, thrown.reason, thrown.field, thrown.detail].join(" ");
  }
}

function callOf(body: JsonObject, askModeOnly = true): EntitledCall {
  const [operation] = openaiResponses.operations;
  if (operation === undefined) throw new Error("no operation");
  const document = documentOf({ model: "m", ...body });
  const prompt = openaiResponses.parse(document, operation);
  const grant = { ...clearedCall().grant, askModeOnly };
  return clearedCall({ protocol: openaiResponses, operation, body: document, prompt, grant, toolFree: false });
}

function ledgerOf(entries: readonly LedgerEntry[]): ResponseLedger {
  const ledger = memoryLedger(
    60_000,
    () => 0,
    () => undefined,
  );
  for (const entry of entries) void ledger.remember(entry);
  return ledger;
}

function sessionsWithTools(): { client: string; request: JsonObject }[] {
  const all = clients as unknown as { client: string; request: JsonObject }[];
  return all.filter(({ request }) => request["tools"] !== undefined);
}

import { anthropicMessages } from "../../../adapters/protocols/anthropic-messages";
import { openaiChat } from "../../../adapters/protocols/openai-chat";
import type { EntitledCall } from "../../../lib/call";
import { Denial } from "../../../lib/denial";
import type { DlpPolicy } from "../../../lib/dlp/policy";
import { parseStrictJson } from "../../../lib/http/strict-json";
import type { Protocol } from "../../../lib/ports/protocol";
import { inspect } from "../../../lib/stages/inspect";
import { groupOf, modelOf, userOf } from "../../support/arbitrary-policy";
import { clearedCall } from "../../support/cleared-call";
import { armoured, CARD, engineOf, policyOf } from "../../support/dlp";

const engine = engineOf();
const REDACT = policyOf({ request: { EMAIL_ADDRESS: "redact", CREDIT_CARD: "block" } });

interface Layers {
  readonly organization?: DlpPolicy;
  readonly group?: DlpPolicy;
  readonly model?: DlpPolicy;
  readonly administrator?: boolean;
}

function callOf(json: string, layers: Layers, protocol: Protocol = openaiChat): EntitledCall {
  const [operation] = protocol.operations;
  if (operation === undefined) throw new Error("no operation");
  const body = parseStrictJson(Buffer.from(json));
  const call = clearedCall({ protocol, operation, body, prompt: protocol.parse(body, operation) });
  return {
    ...call,
    model: { ...modelOf("gpt-4o-mini"), dlp: layers.model ?? null },
    principal: {
      ...call.principal,
      user: userOf(layers.administrator ? "administrator" : "user"),
      organization: { id: "o1", name: "acme", dlp: layers.organization ?? null },
      groups: [groupOf({}), groupOf({ dlp: layers.group ?? null })],
    },
  };
}

function chat(content: string, rest = ""): string {
  return `{"model": "gpt-4o-mini", "seed": 12345678901234567890, "messages":[{"role":"user","content":${JSON.stringify(content)}}]${rest}}`;
}

async function forwarded(json: string, layers: Layers, remove?: readonly string[]): Promise<string> {
  const cleared = await inspect(callOf(json, layers), { engine, ...(remove && { remove }) });
  return Buffer.from(cleared.bytes).toString("utf8");
}

async function refusalOf(call: EntitledCall): Promise<Denial> {
  const thrown: unknown = await inspect(call, { engine }).catch((error: unknown) => error);
  if (!(thrown instanceof Denial)) throw new Error("it was not refused");
  return thrown;
}

test("without a policy, and without a finding, the very same bytes go on", async () => {
  const call = callOf(chat("hello"), {});
  const cleared = await inspect(call, { engine });
  expect(cleared.bytes).toBe(call.body?.bytes);
  expect(cleared.dlp).toMatchObject({ outcome: "off" });
  const inspected = await inspect(callOf(chat("hello"), { organization: REDACT }), { engine });
  expect(Buffer.from(inspected.bytes).toString()).toBe(chat("hello"));
  expect(inspected.dlp).toMatchObject({ outcome: "clean", scanned: 5 });
});

test("only the redacted text changes", async () => {
  expect(await forwarded(chat('"alice@example.com" \u0007 é'), { organization: REDACT })).toBe(
    chat('"[EMAIL_ADDRESS]" \u0007 é'),
  );
});

test("a text whose match is hidden in JSON escapes is redacted", async () => {
  const json = '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"\\u0061lice\\u0040example.com \\/ x"}]}';
  expect(await forwarded(json, { organization: REDACT })).toBe(
    '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"[EMAIL_ADDRESS] / x"}]}',
  );
});

test.each(["organization", "group", "model"] as const)("the policy of the %s applies", async (layer) => {
  expect(await forwarded(chat("a@b.co"), { [layer]: REDACT })).toBe(chat("[EMAIL_ADDRESS]"));
});

test("administrators are not exempt", async () => {
  expect(await forwarded(chat("a@b.co"), { organization: REDACT, administrator: true })).toBe(chat("[EMAIL_ADDRESS]"));
});

test("the strictest layer decides", async () => {
  const reports = policyOf({ request: { EMAIL_ADDRESS: "report", CREDIT_CARD: "off" } });
  const layers = { organization: reports, group: REDACT, model: reports };
  expect(await forwarded(chat("a@b.co"), layers)).toBe(chat("[EMAIL_ADDRESS]"));
  await refusalOf(callOf(chat(CARD), layers));
});

test("a block refuses the call, naming the place, with what was found on record and nothing of it anywhere", async () => {
  const denial = await refusalOf(callOf(chat(`my card: ${CARD}`), { organization: REDACT }));
  expect(denial).toMatchObject({
    code: "dlp_blocked",
    status: 400,
    reason: "dlp",
    field: "messages[0].content",
    detail: "CREDIT_CARD at messages[0].content",
    dlp: { outcome: "blocked", findings: { CREDIT_CARD: 1 } },
  });
  expect(JSON.stringify([denial.message, denial.stack, denial.publicMessage, denial.detail, denial.dlp])).not.toContain(
    CARD,
  );
});

test("a member name of the caller's own is not shown", async () => {
  const input = { [`id ${CARD}`]: CARD };
  const json = JSON.stringify({
    model: "gpt-4o-mini",
    max_tokens: 1,
    messages: [{ role: "assistant", content: [{ type: "tool_use", id: "t", name: "n", input }] }],
  });
  const denial = await refusalOf(callOf(json, { organization: REDACT }, anthropicMessages));
  expect(denial.field).not.toContain(CARD);
  expect(denial.detail).not.toContain(CARD);
});

test("members that do not go upstream are inspected before they are cut", async () => {
  const layers = { organization: REDACT };
  const rest = ',"metadata":{"note":"NOTE"}';
  expect(await forwarded(chat("hi", rest.replace("NOTE", "a@b.co")), layers)).toBe(chat("hi"));
  expect(await forwarded(chat("hi", rest.replace("NOTE", "a@b.co")), layers, [])).toBe(
    chat("hi", rest.replace("NOTE", "[EMAIL_ADDRESS]")),
  );
  await refusalOf(callOf(chat("hi", rest.replace("NOTE", CARD)), layers));
});

test("the model goes upstream under the name that its provider knows", async () => {
  const call = callOf(chat("a@b.co"), { organization: REDACT });
  const renamed = { ...call, model: { ...modelOf("gpt-4o-mini"), upstreamModel: "gpt-4o-mini-2024" } };
  const { bytes } = await inspect(renamed, { engine });
  expect(Buffer.from(bytes).toString()).toBe(chat("[EMAIL_ADDRESS]").replace("gpt-4o-mini", "gpt-4o-mini-2024"));
});

test("tool arguments of the history are redacted inside their own JSON", async () => {
  const args = '{"to":"\\u0061lice@example.com","n":1}';
  const body = (text: string) =>
    JSON.stringify({
      model: "gpt-4o-mini",
      messages: [
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "c", type: "function", function: { name: "send", arguments: text } }],
        },
      ],
    });
  expect(await forwarded(body(args), { organization: REDACT })).toBe(body('{"to":"[EMAIL_ADDRESS]","n":1}'));
});

test("a document that cannot be read refuses the call, an image does not", async () => {
  const body = (part: object) =>
    JSON.stringify({ model: "gpt-4o-mini", max_tokens: 1, messages: [{ role: "user", content: [part] }] });
  const source = { type: "base64", media_type: "application/pdf", data: "JVBERi0=" };
  const denial = await refusalOf(
    callOf(body({ type: "document", source }), { organization: REDACT }, anthropicMessages),
  );
  expect(denial).toMatchObject({ code: "dlp_blocked", reason: "uninspectable" });
  const image = body({ type: "image", source: { ...source, media_type: "image/png" } });
  const cleared = await inspect(callOf(image, { organization: REDACT }, anthropicMessages), { engine });
  expect(cleared.dlp).toMatchObject({ outcome: "notScanned", notScanned: ["image"] });
});

test("a key in the middle of a conversation is found, whatever came after it", async () => {
  const messages = ["hi", armoured("PRIVATE KEY"), "thanks"].map((content) => ({ role: "user", content }));
  const blocks = policyOf({ request: { PRIVATE_KEY: "block" } });
  const denial = await refusalOf(callOf(JSON.stringify({ model: "gpt-4o-mini", messages }), { group: blocks }));
  expect(denial.field).toBe("messages[1].content");
});

test("an operation without a body has nothing to inspect", async () => {
  const cleared = await inspect({ ...callOf(chat("x"), {}), body: null, prompt: null }, { engine });
  expect([cleared.bytes.length, cleared.dlp]).toEqual([0, null]);
});

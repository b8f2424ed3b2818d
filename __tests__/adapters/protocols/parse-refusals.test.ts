import { anthropicMessages } from "../../../adapters/protocols/anthropic-messages";
import { openaiChat } from "../../../adapters/protocols/openai-chat";
import { Denial } from "../../../lib/denial";
import type { JsonObject, JsonValue } from "../../../lib/json";
import type { Protocol } from "../../../lib/ports/protocol";
import { documentOf } from "../../support/document-of";

const PROTOCOLS = [openaiChat, anthropicMessages];
const VALID: JsonObject = { model: "m", messages: [{ role: "user", content: "hi" }] };

describe.each(PROTOCOLS)("A $name body", (protocol) => {
  it.each<[string, JsonValue]>([
    ["null", null],
    ["empty", ""],
    ["a number", 4],
    ["an array", ["allowed"]],
    ["an object", { toString: "allowed" }],
    ["longer than 256 characters", "m".repeat(257)],
    ["a lone high surrogate", "m\ud800"],
    ["a lone low surrogate", "\udc00m"],
  ])("with a model that is %s is invalid", (_what, model) => {
    expect(denialOf(protocol, { ...VALID, model })).toMatchObject(invalid("model"));
  });

  it("without a model is invalid", () => {
    expect(denialOf(protocol, { messages: VALID.messages ?? null })).toMatchObject(invalid("model"));
  });

  it.each(["m".repeat(256), "модель 😀", " m ", "__proto__"])("keeps the model %j byte for byte", (model) => {
    expect(parse(protocol, { ...VALID, model }).model).toBe(model);
  });

  it.each<[JsonValue, string]>([
    [null, "messages"],
    [[], "messages"],
    ["hi", "messages"],
    [{ role: "user" }, "messages"],
    [["hi"], "messages[0]"],
    [[{ role: "user", content: "hi" }, null], "messages[1]"],
    [[[]], "messages[0]"],
  ])("with messages %j is invalid", (messages, field) => {
    expect(denialOf(protocol, { ...VALID, messages })).toMatchObject(invalid(field));
  });

  it.each<JsonValue>(["true", 1, [true], {}, 0, ""])("with stream %j is invalid", (stream) => {
    expect(denialOf(protocol, { ...VALID, stream })).toMatchObject(invalid("stream"));
  });

  it.each<[JsonValue, boolean]>([
    [null, false],
    [false, false],
    [true, true],
  ])("reads stream %j as %j", (stream, expected) => {
    expect(parse(protocol, { ...VALID, stream }).stream).toBe(expected);
  });

  it.each<[JsonValue, string]>([
    [{}, "tools"],
    ["bash", "tools"],
    [["bash"], "tools[0]"],
    [[{ type: "function" }, null], "tools[1]"],
  ])("with tools %j is invalid", (tools, field) => {
    expect(denialOf(protocol, { ...VALID, tools })).toMatchObject(invalid(field));
  });

  it.each<[string, JsonObject]>([
    ["models", { models: ["forbidden"] }],
    ["models", { models: [] }],
    ["route", { route: "fallback" }],
    ["preset", { preset: "email-copywriter" }],
    ["fallbacks", { fallbacks: [{ model: "forbidden" }] }],
    ["fallbacks", { fallbacks: "default" }],
    ["fallback_models", { fallback_models: ["forbidden"] }],
    ["context_window_fallbacks", { context_window_fallbacks: [{ m: ["forbidden"] }] }],
    ["content_policy_fallbacks", { content_policy_fallbacks: [{ m: ["forbidden"] }] }],
    ["user_config", { user_config: { model_list: [] } }],
    ["moderation.model", { moderation: { model: "omni-moderation-latest" } }],
    ["tools[1].model", { tools: [{ type: "function" }, { type: "advisor_20260301", model: "forbidden" }] }],
    ["tools[0].parameters.model", { tools: [{ type: "openrouter:fusion", parameters: { model: "forbidden" } }] }],
    ["plugins[0].allowed_models", { plugins: [{ id: "auto-router", allowed_models: ["forbidden/*"] }] }],
    ["plugins[0].analysis_models", { plugins: [{ id: "fusion", analysis_models: ["forbidden"] }] }],
    ["context_management.edits[0].model", { context_management: { edits: [{ type: "compact", model: "forbidden" }] } }],
  ])("that names a model through %s is not supported", (field, members) => {
    expect(denialOf(protocol, { ...VALID, ...members })).toMatchObject(unsupported(field));
  });

  it("may have a null where a model could be named, and a tool parameter called model", () => {
    const parameters = { type: "object", properties: { model: { type: "string" } } };
    const tools = [{ type: "function", function: { name: "f", parameters }, input_schema: parameters }];
    expect(() => parse(protocol, { ...VALID, models: null, fallbacks: null, tools })).not.toThrow();
  });

  it("keeps members that nobody knows", () => {
    expect(() => parse(protocol, { ...VALID, invented_tomorrow: { model: "m" }, temperature: "hot" })).not.toThrow();
  });
});

describe("A messages body", () => {
  it("may not define a tool with a model of its own in the middle of the conversation", () => {
    const definition = { type: "advisor_20260301", name: "advisor", model: "forbidden" };
    const content = [
      { type: "text", text: "hi" },
      { type: "tool_addition", tool: { type: "tool_definition", definition } },
    ];
    const denial = denialOf(anthropicMessages, { ...VALID, messages: [{ role: "system", content }] });
    expect(denial).toMatchObject(unsupported("messages[0].content[1].tool.definition.model"));
  });

  it("may not go on from a conversation that the provider holds: its owner is not known here", () => {
    const thread = { type: "continue", previous_message_id: "msg_of_somebody" };
    expect(denialOf(anthropicMessages, { ...VALID, thread })).toMatchObject(unsupported("thread"));
  });
});

function invalid(field: string): Partial<Denial> {
  return { code: "invalid_body", reason: "invalid_schema", field };
}

function unsupported(field: string): Partial<Denial> {
  return { code: "unsupported_parameter", reason: "unsupported_parameter", field };
}

function parse(protocol: Protocol, body: JsonObject): ReturnType<Protocol["parse"]> {
  const [operation] = protocol.operations;
  if (operation === undefined) throw new Error("no operation");
  return protocol.parse(documentOf(body), operation);
}

function denialOf(protocol: Protocol, body: JsonObject): unknown {
  try {
    parse(protocol, body);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(Denial);
    return thrown;
  }
  return null;
}

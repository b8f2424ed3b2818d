import { openaiResponses } from "../../../../adapters/protocols/openai-responses";
import { Denial } from "../../../../lib/denial";
import type { JsonObject, JsonValue } from "../../../../lib/json";
import type { Operation, Prompt } from "../../../../lib/ports/protocol";
import clients from "../../../golden/responses/clients.json";
import places from "../../../golden/responses/every-place.json";
import { describeOpaque, describeSpans } from "../../../support/describe-text";
import { documentOf } from "../../../support/document-of";

const WITH_BODY = ["responses.create", "responses.compact", "responses.input_tokens"];
const request = places.request as unknown as JsonObject;

describe("A Responses request", () => {
  it.each(WITH_BODY)("gives every text with its role and handling: %s", (id) => {
    const prompt = openaiResponses.parse(documentOf(request), operation(id));
    expect(describeSpans(prompt.spans)).toEqual(places.spans);
    expect(describeOpaque(prompt.opaque)).toEqual(places.opaque);
  });

  it("gives every string, or has it on the list of what is left alone", () => {
    const { spans, opaque } = parse(request);
    const given = new Set(spans.map(({ path }) => path.join(".")));
    const wholes = [...opaque, ...spans.filter((span) => span.structured === true)].map(({ path }) => path.join("."));
    const missed = stringPaths(request).filter((path) => !given.has(path) && !wholes.some((at) => path.startsWith(at)));
    expect(missed.filter((path) => !LEFT_ALONE.test(path))).toEqual([]);
  });

  it("scans what stands in the place of an id and is none", () => {
    const spoken = "write to a@b.test";
    const spans = describeSpans(parse({ model: "m", input: [{ id: spoken, role: spoken, content: "" }] }).spans);
    expect(spans).toEqual([
      `input[0].id | unknown | scanned | ${spoken}`,
      `input[0].role | unknown | scanned | ${spoken}`,
    ]);
  });

  it("that is a string is the user's text", () => {
    expect(parse({ model: "m", input: "hi" })).toEqual({
      model: "m",
      stream: false,
      spans: [{ path: ["input"], role: "user", text: "hi", rewritable: true }],
      opaque: [],
      continues: [],
      stored: true,
    });
  });

  it.each(clients as unknown as { client: string; request: JsonObject }[])(
    "of real clients passes: $client",
    (sent) => {
      expect(parse(sent.request).model).toBe("m");
    },
  );

  it("goes on from earlier state by either name", () => {
    const both = { model: "m", previous_response_id: "resp_1", conversation: "conv_1" };
    expect(parse(both).continues).toEqual([
      { field: "previous_response_id", id: "resp_1" },
      { field: "conversation", id: "conv_1" },
    ]);
    expect(parse({ model: "m", conversation: { id: "conv_2" } }).continues).toEqual([
      { field: "conversation", id: "conv_2" },
    ]);
    expect(parse({ model: "m", previous_response_id: null, conversation: null }).continues).toEqual([]);
  });

  it("is stored unless it says otherwise; a count or a compaction never is", () => {
    expect(parse({ model: "m" }).stored).toBe(true);
    expect(parse({ model: "m", store: null }).stored).toBe(true);
    expect(parse({ model: "m", store: false }).stored).toBe(false);
    expect(parse({ model: "m", store: true }, "responses.input_tokens").stored).toBe(false);
    expect(parse({ model: "m" }, "responses.compact").stored).toBe(false);
  });

  it("may leave its model out only where tokens are counted", () => {
    expect(parse({ input: "hi" }, "responses.input_tokens").model).toBeNull();
    expect(denialOf({ input: "hi" })).toBe("invalid_body model");
    expect(denialOf({ input: "hi" }, "responses.compact")).toBe("invalid_body model");
  });

  it.each<[string, JsonValue]>([
    ["model", null],
    ["model", ""],
    ["model", 7],
    ["model", ["m"]],
    ["model", "m".repeat(257)],
    ["model", "\ud800"],
    ["stream", "true"],
    ["stream", 1],
    ["stream", [true]],
    ["background", "true"],
    ["store", 0],
    ["tools", {}],
    ["tools", "function"],
    ["input", 7],
    ["input", {}],
    ["prompt", "pmpt_1"],
    ["previous_response_id", ""],
    ["previous_response_id", 7],
    ["previous_response_id", "\udfff"],
    ["conversation", {}],
    ["conversation", []],
  ])("is refused for %s = %j", (name, value) => {
    expect(denialOf({ model: "m", [name]: value })).toBe(`invalid_body ${name}`);
  });

  it.each<[JsonObject, string]>([
    [{ tools: ["function"] }, "tools[0]"],
    [{ input: ["hi"] }, "input[0]"],
  ])("is refused for elements that are no objects: %j", (body, field) => {
    expect(denialOf({ model: "m", ...body })).toBe(`invalid_body ${field}`);
  });

  it.each<[JsonObject, string]>([
    [{ models: ["x"] }, "models"],
    [{ fallbacks: [{ model: "x" }] }, "fallbacks"],
    [{ moderation: { model: "x" } }, "moderation.model"],
    [{ tools: [{ type: "image_generation", model: "x" }] }, "tools[0].model"],
    [{ tools: [{ type: "namespace", tools: [{ type: "custom", model: "x" }] }] }, "tools[0].tools[0].model"],
    [{ input: [{ type: "additional_tools", tools: [{ type: "mcp", model: "x" }] }] }, "input[0].tools[0].model"],
  ])("is refused where it names a second model: %j", (body, field) => {
    expect(denialOf({ model: "m", ...body })).toBe(`unsupported_parameter ${field}`);
  });

  it("reaches no prototype through member names", () => {
    const body = JSON.parse(
      '{"model":"m","__proto__":{"stream":true},"input":[{"type":"__proto__","constructor":"c"}]}',
    ) as JsonObject;
    expect(parse(body).stream).toBe(false);
    expect(describeSpans(parse(body).spans)).toContain("input[0].constructor | unknown | scanned | c");
  });
});

describe("The operations", () => {
  it("that name a response belong to whoever made it", () => {
    const owned = openaiResponses.operations.filter(({ ownedBy }) => ownedBy === "response").map(({ path }) => path);
    expect(owned).toEqual(openaiResponses.operations.map(({ path }) => path).filter((path) => path.includes("{id}")));
  });
});

const LEFT_ALONE =
  /^(model|prompt_cache_key|previous_response_id|conversation\.id)$|(^|\.)(id|type|call_id|file_id|container_id|approval_request_id|role|status|phase|version|fingerprint)$/;

function operation(id: string): Operation {
  const found = openaiResponses.operations.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no operation ${id}`);
  return found;
}

function parse(body: JsonObject, id = "responses.create"): Prompt {
  return openaiResponses.parse(documentOf(body), operation(id));
}

function denialOf(body: JsonObject, id?: string): string {
  try {
    parse(body, id);
  } catch (thrown) {
    if (thrown instanceof Denial) return `${thrown.code} ${thrown.field ?? ""}`;
    throw thrown;
  }
  return "accepted";
}

function stringPaths(value: unknown, path: readonly string[] = []): string[] {
  if (typeof value === "string") return [path.join(".")];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => stringPaths(inner, [...path, name]));
}

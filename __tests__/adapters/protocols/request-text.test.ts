import { anthropicMessages } from "../../../adapters/protocols/anthropic-messages";
import { openaiChat } from "../../../adapters/protocols/openai-chat";
import type { JsonObject } from "../../../lib/json";
import type { Protocol, Prompt } from "../../../lib/ports/protocol";
import { describeOpaque, describeSpans } from "../../support/describe-text";
import { documentOf } from "../../support/document-of";
import chatPlaces from "../../golden/chat/every-place.json";
import chatClients from "../../golden/chat/clients.json";
import messagesPlaces from "../../golden/messages/every-place.json";
import messagesClients from "../../golden/messages/clients.json";

interface Golden {
  readonly request: JsonObject;
  readonly spans: readonly string[];
  readonly opaque: readonly string[];
}

interface ClientRequest {
  readonly client: string;
  readonly request: JsonObject;
}

const DIALECTS = [
  { protocol: openaiChat, places: chatPlaces as unknown as Golden, clients: chatClients as unknown as ClientRequest[] },
  {
    protocol: anthropicMessages,
    places: messagesPlaces as unknown as Golden,
    clients: messagesClients as unknown as ClientRequest[],
  },
];

describe.each(DIALECTS)("$protocol.name requests", ({ protocol, places, clients }) => {
  it.each(protocol.operations)("give every text with its role and handling: $id", (operation) => {
    const prompt = protocol.parse(documentOf(places.request), operation);
    expect(describeSpans(prompt.spans)).toEqual(places.spans);
    expect(describeOpaque(prompt.opaque)).toEqual(places.opaque);
  });

  it("of a plain string content give that one text", () => {
    const prompt = parse(protocol, { model: "m", messages: [{ role: "user", content: "hi" }] });
    expect(prompt).toEqual({
      model: "m",
      stream: false,
      spans: [{ path: ["messages", 0, "content"], role: "user", text: "hi", rewritable: true }],
      opaque: [],
      continues: [],
      stored: false,
    });
  });

  it.each(clients)("of real clients pass without tools: $client", ({ request }) => {
    expect(parse(protocol, request).model).toBe("m");
    const offending = protocol.toolRequests(documentOf(request), operationOf(protocol));
    expect(offending.filter((each) => each.type !== "function")).toEqual([]);
  });

  it("leave the caller's object as it was", () => {
    const before = JSON.stringify(places.request);
    parse(protocol, places.request);
    expect(JSON.stringify(places.request)).toBe(before);
  });

  it("reach no prototype through member names", () => {
    const body = JSON.parse(
      '{"model":"m","messages":[{"role":"constructor","content":[{"type":"__proto__","__proto__":"own"}]}],"hasOwnProperty":"x"}',
    ) as JsonObject;
    expect(describeSpans(parse(protocol, body).spans)).toEqual([
      "messages[0].role | unknown | scanned | constructor",
      "messages[0].content[0].type | unknown | scanned | __proto__",
      "messages[0].content[0].__proto__ | unknown | scanned | own",
      "hasOwnProperty | unknown | scanned | x",
    ]);
    expect(({} as { own?: unknown }).own).toBeUndefined();
  });
});

describe("Every string of a request", () => {
  const LEFT_ALONE =
    /^(model|container|diagnostics)|(^|\.)(ttl|role|type|id|tool_call_id|tool_use_id|file_id|signature|data|detail|format|media_type|file_data|encrypted_\w+|thought_signature)$/;

  it.each(DIALECTS)("is given or is on the list of what is left alone: $protocol.name", ({ protocol, places }) => {
    const { spans } = parse(protocol, places.request);
    const given = new Set(spans.map((span) => span.path.join(".")));
    const wholes = spans.flatMap((span) => (span.structured === true ? [`${span.path.join(".")}.`] : []));
    const missed = stringPaths(places.request).filter(
      (path) => !given.has(path) && !wholes.some((whole) => path.startsWith(whole)),
    );
    expect(missed.filter((path) => !LEFT_ALONE.test(path))).toEqual([]);
  });
});

function parse(protocol: Protocol, request: JsonObject): Prompt {
  return protocol.parse(documentOf(request), operationOf(protocol));
}

function operationOf(protocol: Protocol): Protocol["operations"][number] {
  const [operation] = protocol.operations;
  if (operation === undefined) throw new Error("no operation");
  return operation;
}

function stringPaths(value: unknown, path: readonly string[] = []): string[] {
  if (typeof value === "string") return [path.join(".")];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => stringPaths(inner, [...path, name]));
}

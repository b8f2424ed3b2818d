import type { JsonValue } from "../../../lib/json";
import { member } from "../../../lib/json";
import type { EchoDialect, EchoReply, EchoRequest } from "./dialect";
import { createKeptResponses, type KeptResponse, type KeptResponses } from "./kept-responses";
import { openaiError, wordOf } from "./read-body";
import { inputItems, respond, usageOf } from "./respond";
import { streamResponse } from "./response-stream";

/** The echo model speaks Responses, and keeps the last `limit` of those that may be stored. */
export function createResponsesDialect(limit: number): EchoDialect {
  const kept = createKeptResponses(limit);
  const onKept = (use: (entry: KeptResponse, request: EchoRequest) => EchoReply) => (request: EchoRequest) => {
    const entry = kept.find(request.params["id"] ?? "");
    return entry === undefined ? NOT_FOUND : use(entry, request);
  };
  return Object.freeze({
    "responses.create": (request: EchoRequest) => create(request, kept),
    "responses.input_tokens": countInput,
    "responses.compact": compact,
    "responses.get": onKept(show),
    "responses.delete": onKept(({ id }) => {
      kept.forget(id);
      return ok({ id, object: "response", deleted: true });
    }),
    "responses.cancel": onKept((entry) => cancel(entry, kept)),
    "responses.input_items": onKept(listInput),
  });
}

const NOT_FOUND: EchoReply = Object.freeze({ status: 404, json: openaiError("No response with this id.") });

function create(request: EchoRequest, kept: KeptResponses): EchoReply {
  const { body, id } = request;
  const response = respond(request);
  if (member(body, "store") !== false) kept.keep({ id: `resp_${id}`, response, input: inputItems(body, id) });
  return member(body, "stream") === true ? { events: streamResponse(response) } : ok(response);
}

function countInput({ inputTokens }: EchoRequest): EchoReply {
  return ok({ object: "response.input_tokens", input_tokens: inputTokens });
}

function compact({ body, id, at, inputTokens }: EchoRequest): EchoReply {
  const asked = inputItems(body, id).filter((item) => wordOf(item, "role") === "user");
  const summary = { id: `cmp_${id}`, type: "compaction", encrypted_content: "ZWNobw==" };
  const head = { id: `resp_${id}`, object: "response.compaction", created_at: at };
  return ok({ ...head, output: [...asked, summary], usage: usageOf(inputTokens, 1) });
}

function show({ response }: KeptResponse, { query }: EchoRequest): EchoReply {
  return query.get("stream") === "true" ? { events: streamResponse(response) } : ok(response);
}

/** Only a response in the background can be cancelled, as at OpenAI. */
function cancel({ id, response, input }: KeptResponse, kept: KeptResponses): EchoReply {
  if (response["background"] !== true) {
    return { status: 400, json: openaiError("Only a response in the background can be cancelled.") };
  }
  const cancelled = { ...response, status: "cancelled" };
  kept.keep({ id, response: cancelled, input });
  return ok(cancelled);
}

/** Newest first unless asked otherwise; all on one page. */
function listInput({ input }: KeptResponse, { query }: EchoRequest): EchoReply {
  const data = query.get("order") === "asc" ? input : input.toReversed();
  const ends = { first_id: data[0]?.["id"] ?? null, last_id: data.at(-1)?.["id"] ?? null };
  return ok({ object: "list", data, ...ends, has_more: false });
}

function ok(json: JsonValue): EchoReply {
  return { status: 200, json };
}

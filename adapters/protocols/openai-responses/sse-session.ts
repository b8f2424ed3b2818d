import type { PublicError } from "../../../lib/http/public-error";
import type { SseEvent } from "../../../lib/http/sse";
import { isJsonObject, member, type JsonObject, type JsonValue } from "../../../lib/json";
import type { EventContent, SseSession } from "../../../lib/ports/protocol";
import { makeEvent } from "../make-event";
import { openaiErrorEvent } from "../openai-errors";
import { endedChannels, readEventSpans } from "./event-map";
import { createOpenItems, type EventBody } from "./open-items";
import { calledByItem, calledTools, readResponseId, usageOf } from "./read-answer";
import { toolTypeOf } from "./tool-types";
import { blankResponse, withheldResponse } from "./withheld-response";

const TERMINALS: ReadonlyMap<string, "end" | "error"> = new Map([
  ["response.completed", "end"],
  ["response.incomplete", "end"],
  ["response.failed", "error"],
  ["error", "error"],
]);

/** A tool at work, also in a stream that never announced its item: `response.mcp_call_arguments.delta`. */
const TOOL_EVENT = /^response\.(\w+?_call|mcp_list_tools)[_.]/;

/** What endings need of the stream so far. */
interface Seen {
  response: JsonObject | null;
  /** Some event has been sent: one was read before the last. */
  begun: boolean;
  failed: boolean;
  sequence: number;
  last: EventBody | null;
}

/** One stream of the Responses API. */
export function openResponsesSse(): SseSession {
  const seen: Seen = { response: null, begun: false, failed: false, sequence: -1, last: null };
  const items = createOpenItems();
  const numbered = (body: EventBody): SseEvent => makeEvent(body.type, { ...body, sequence_number: ++seen.sequence });

  return Object.freeze({
    read(event: SseEvent, data: JsonValue | null): EventContent {
      const body = eventBody(event, data);
      if (body === null) return contentOf("", data);
      if (seen.last !== null) items.note(seen.last);
      remember(seen, body);
      return contentOf(body.type, data);
    },

    fail(error: PublicError, afterUpstreamError: boolean): readonly SseEvent[] {
      if (afterUpstreamError && seen.failed) return [];
      const tail = numbered(failedEvent(seen.response, error));
      return afterUpstreamError ? [tail] : [openaiErrorEvent(error), tail];
    },

    withhold(nothingSent = false): readonly SseEvent[] {
      const opens = nothingSent || !seen.begun;
      if (opens) seen.sequence = -1;
      return [...(opens ? [createdEvent(seen.response)] : items.close()), incompleteEvent(seen.response)].map(numbered);
    },
  });
}

function remember(seen: Seen, body: EventBody): void {
  const response = member(body, "response");
  const sequence = member(body, "sequence_number");
  seen.begun = seen.last !== null;
  seen.last = body;
  if (isJsonObject(response)) seen.response = response;
  if (typeof sequence === "number") seen.sequence = sequence;
  if (body.type === "response.failed") seen.failed = true;
}

/** Named by its data; servers that leave that out are taken at the word of the `event:` field. */
function eventBody(event: SseEvent, data: JsonValue | null): EventBody | null {
  if (!isJsonObject(data ?? undefined)) return null;
  const body = data as JsonObject;
  const type = member(body, "type");
  if (typeof type === "string") return { ...body, type };
  return { ...body, type: isJsonObject(member(body, "error")) ? "error" : (event.event ?? "") };
}

function contentOf(type: string, data: JsonValue | null): EventContent {
  const body = isJsonObject(data ?? undefined) ? (data as JsonObject) : {};
  const nested = member(body, "response");
  const response = isJsonObject(nested) ? nested : {};
  return {
    spans: data === null ? [] : readEventSpans(type, data),
    toolCalls: [...calledByEvent(type, body), ...calledTools(response)],
    usage: usageOf(response),
    responseId: readResponseId({ object: "response", ...response }),
    terminal: TERMINALS.get(type) ?? null,
    ends: data === null ? [] : endedChannels(type, data),
  };
}

function calledByEvent(type: string, body: JsonObject): readonly string[] {
  const item = member(body, "item");
  if (item !== undefined) return calledByItem(item);
  const stem = TOOL_EVENT.exec(type)?.[1];
  return stem === undefined ? [] : [toolTypeOf(stem)];
}

function createdEvent(response: JsonObject | null): EventBody {
  return { type: "response.created", response: blankResponse(response, "in_progress") };
}

function incompleteEvent(response: JsonObject | null): EventBody {
  return { type: "response.incomplete", response: withheldResponse(response) };
}

/** Satisfies both readings: the documented flat one, and OpenAI's own with the Response nested. */
function failedEvent(seen: JsonObject | null, error: PublicError): EventBody {
  const blank = blankResponse(seen, "failed");
  const response = { ...blank, error: { code: "server_error", message: error.message } };
  return { type: "response.failed", id: blank["id"] ?? "", object: "response", status: "failed", response };
}

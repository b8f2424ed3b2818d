import type { PublicError } from "../../../lib/http/public-error";
import type { SseEvent } from "../../../lib/http/sse";
import { isJsonObject, member, type JsonObject, type JsonPath, type JsonValue } from "../../../lib/json";
import type { AnswerSpan, EventContent, SseSession } from "../../../lib/ports/protocol";
import { findText } from "../text-map";
import { eventText } from "./answers";
import { callsOf } from "./calls";
import { anthropicErrorEvent } from "./errors";
import { advance, NEW_STREAM, refusalEnding, type StreamState } from "./stream-state";

/** Reads and ends one stream of message events. */
export function openMessagesStream(): SseSession {
  let before: StreamState = NEW_STREAM;
  let now: StreamState = NEW_STREAM;
  return Object.freeze({
    read(event: SseEvent, data: JsonValue | null): EventContent {
      const value: JsonObject = data !== null && isJsonObject(data) ? data : {};
      before = now;
      now = advance(now, value);
      return {
        spans: eventSpans(data),
        toolCalls: member(value, "type") === "content_block_start" ? callsOf(member(value, "content_block")) : [],
        usage: now.usage === before.usage ? null : now.usage,
        responseId: null,
        ends: endedBlock(value),
        terminal: terminalOf(event, value),
      };
    },
    fail(error: PublicError, afterUpstreamError: boolean): readonly SseEvent[] {
      return afterUpstreamError ? [] : [anthropicErrorEvent(error)];
    },
    withhold(nothingSent = false): readonly SseEvent[] {
      return refusalEnding(now, nothingSent ? NEW_STREAM : before);
    },
  });
}

function eventSpans(data: JsonValue | null): readonly AnswerSpan[] {
  if (data === null) return [];
  const { spans } = findText(eventText, data);
  const index = isJsonObject(data) ? blockIndex(data) : null;
  return index === null ? spans : spans.map((span) => inChannel(span, index));
}

/** Without an index it is the first block, as clients read it. */
function blockIndex(event: JsonObject): string | null {
  const index = member(event, "index");
  if (typeof index === "number" || typeof index === "string") return String(index);
  return member(event, "type") === "message_delta" ? null : "0";
}

/** A block's text goes on from its start through its deltas; citations and whole results stand by themselves. */
function inChannel(span: AnswerSpan, index: string): AnswerSpan {
  const field = span.names === true ? null : continued(span.path);
  return field === null ? span : { ...span, channel: `content/${index}/${field}` };
}

function endedBlock(value: JsonObject): readonly string[] {
  return member(value, "type") === "content_block_stop" ? [`content/${blockIndex(value)}`] : [];
}

const CONTINUED = new Set<unknown>(["text", "thinking", "content"]);

function continued([where, field, ...rest]: JsonPath): string | null {
  if (where === "delta" && field !== "citation") return [field, ...rest].join("/");
  return where === "content_block" && rest.length === 0 && CONTINUED.has(field) ? String(field) : null;
}

/** The type is in the data; the event's name repeats it and alone counts where the data is not an object. */
function terminalOf(event: SseEvent, value: JsonObject): EventContent["terminal"] {
  const type = member(value, "type") ?? event.event;
  if (type === "message_stop") return "end";
  return type === "error" || event.event === "error" ? "error" : null;
}

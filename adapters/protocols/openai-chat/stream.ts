import type { PublicError } from "../../../lib/http/public-error";
import type { SseEvent } from "../../../lib/http/sse";
import { isJsonObject, member, type JsonValue } from "../../../lib/json";
import type { AnswerSpan, EventContent, SseSession } from "../../../lib/ports/protocol";
import { channelOf } from "../channel-of";
import { openaiErrorEvent } from "../openai-errors";
import { answerSpans, chatUsage } from "./answers";
import { callsIn } from "./calls";
import { choicesOf, isFinished } from "./choices";
import { advance, contentFilterEnding, DONE, NEW_STREAM, type StreamState } from "./stream-state";

const DONE_DATA = "[DONE]";

/** Reads and ends one stream of chat completion chunks. */
export function openChatStream(): SseSession {
  let before: StreamState = NEW_STREAM;
  let now: StreamState = NEW_STREAM;
  return Object.freeze({
    read(event: SseEvent, data: JsonValue | null): EventContent {
      const done = event.data?.trim() === DONE_DATA;
      before = now;
      now = advance(now, data, done);
      const read = readChunk(data, before);
      return {
        ...read,
        ...endings(data, read.spans),
        terminal: done ? "end" : isError(event, data) ? "error" : null,
      };
    },
    fail(error: PublicError, afterUpstreamError: boolean): readonly SseEvent[] {
      if (!afterUpstreamError) return [openaiErrorEvent(error), DONE];
      return now.done ? [] : [DONE];
    },
    withhold(nothingSent = false): readonly SseEvent[] {
      return contentFilterEnding(now, nothingSent ? NEW_STREAM : before);
    },
  });
}

function readChunk(data: JsonValue | null, before: StreamState): Omit<EventContent, "terminal"> {
  if (data === null) return { spans: [], toolCalls: [], usage: null, responseId: null };
  return {
    spans: answerSpans(data).map((span) => inChannel(data, span)),
    toolCalls: newCalls(data, before),
    usage: chatUsage(data),
    responseId: null,
  };
}

/** Every text in a delta, known or not, may go on in the next chunk, and so may the text of old completions. */
function inChannel(data: JsonValue, span: AnswerSpan): AnswerSpan {
  const { names, path, rewritable } = span;
  if (names === true || path[0] !== "choices" || (path[2] !== "delta" && path[2] !== "text")) return span;
  // Parts of a content are read as the one text that they are shown as.
  const place = rewritable && path[3] === "content" ? path.slice(0, 4) : path;
  return { ...span, channel: channelOf(data, place, "delta") };
}

/**
 * Text and thoughts may take turns: only the end of a choice ends what is said in it. A chunk that says something as well
 * may be followed by others like it: there are providers whose every chunk names the reason.
 */
function endings(data: JsonValue | null, spans: readonly AnswerSpan[]): Pick<EventContent, "ends" | "last"> {
  const finished = choicesOf(data)
    .filter(isFinished)
    .map(({ index }) => `choices/${index}`);
  const ends = finished.filter((choice) => !spans.some(({ channel }) => channel?.startsWith(`${choice}/`)));
  return { ends, ...(finished.length > ends.length && { last: true }) };
}

/** Types of the calls that begin in this chunk. */
function newCalls(data: JsonValue, before: StreamState): readonly string[] {
  return callsIn(data, "delta").flatMap(({ key, type }) => (before.calls.has(key) ? [] : [type]));
}

/** An `error` event, or OpenAI's own way: a chunk with an `error` member. */
function isError(event: SseEvent, data: JsonValue | null): boolean {
  if (event.event === "error") return true;
  const error = data !== null && isJsonObject(data) ? member(data, "error") : undefined;
  return error !== undefined && error !== null;
}

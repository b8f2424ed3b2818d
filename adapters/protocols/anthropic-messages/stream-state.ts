import type { SseEvent } from "../../../lib/http/sse";
import { isJsonObject, member, type JsonObject } from "../../../lib/json";
import type { Usage } from "../../../lib/ports/protocol";
import { makeEvent } from "../make-event";
import { headOf, messagesUsage, NO_USAGE } from "./answers";
import { isCall } from "./calls";

/** What an ending must know of the events so far. Never changed, only replaced. */
export interface StreamState {
  /** `id`, `model` and `usage` of `message_start`; null before it. */
  readonly head: JsonObject | null;
  /** Blocks that are open, by index, and whether each is a tool call. */
  readonly open: ReadonlyMap<number, boolean>;
  readonly usage: Usage;
}

export const NEW_STREAM: StreamState = Object.freeze({
  head: null,
  open: new Map<number, boolean>(),
  usage: Object.freeze({ inputTokens: null, outputTokens: null }),
});

export function advance(state: StreamState, event: JsonObject): StreamState {
  const message = member(event, "message");
  const starts = member(event, "type") === "message_start" && isJsonObject(message);
  return {
    head: starts ? headOf(message) : state.head,
    open: openBlocks(state.open, event),
    usage: merge(state.usage, messagesUsage(starts ? member(message, "usage") : member(event, "usage"))),
  };
}

/**
 * The ending of a refusal: `message_start` if it is still owed, the open blocks of text closed, `message_delta`,
 * `message_stop`. `known` names the message, `sent` says what of it has left.
 */
export function refusalEnding(known: StreamState, sent: StreamState): readonly SseEvent[] {
  const texts = [...sent.open].flatMap(([index, call]) => (call ? [] : [index]));
  return [
    ...(sent.head === null ? [messageStart(known.head)] : []),
    ...texts.map((index) => typedEvent("content_block_stop", { index })),
    typedEvent("message_delta", {
      delta: { stop_reason: "refusal", stop_sequence: null },
      usage: { output_tokens: known.usage.outputTokens ?? 0 },
    }),
    typedEvent("message_stop", {}),
  ];
}

function messageStart(head: JsonObject | null): SseEvent {
  const message = {
    id: "",
    type: "message",
    role: "assistant",
    model: "",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: NO_USAGE,
    ...head,
  };
  return typedEvent("message_start", { message });
}

function typedEvent(type: string, members: JsonObject): SseEvent {
  return makeEvent(type, { type, ...members });
}

function openBlocks(open: ReadonlyMap<number, boolean>, event: JsonObject): ReadonlyMap<number, boolean> {
  const index = member(event, "index");
  if (typeof index !== "number") return open;
  const type = member(event, "type");
  if (type === "content_block_start") return new Map([...open, [index, isCall(member(event, "content_block"))]]);
  if (type === "content_block_stop") return new Map([...open].filter(([block]) => block !== index));
  return open;
}

/** Counts come in two halves and grow; the newest of each stands. */
function merge(usage: Usage, news: Usage | null): Usage {
  if (news === null) return usage;
  return {
    inputTokens: news.inputTokens ?? usage.inputTokens,
    outputTokens: news.outputTokens ?? usage.outputTokens,
  };
}

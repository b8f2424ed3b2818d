import type { SseEvent } from "../../../lib/http/sse";
import { isJsonObject, member, type JsonObject, type JsonValue } from "../../../lib/json";
import { makeEvent } from "../make-event";
import { callsIn } from "./calls";
import { choicesOf, isFinished } from "./choices";

/** The stream's last event, with which clients stop reading. */
export const DONE: SseEvent = Object.freeze({ event: null, data: "[DONE]", raw: null });

/** What an ending must know of the events so far. Never changed, only replaced. */
export interface StreamState {
  /** `id`, `created` and `model`, as the first chunk gave them. */
  readonly head: JsonObject | null;
  /** Choices by index that have begun, and whether each has finished. */
  readonly choices: ReadonlyMap<number, boolean>;
  /** Tool calls that have begun. */
  readonly calls: ReadonlySet<string>;
  /** `[DONE]` was read. */
  readonly done: boolean;
}

export const NEW_STREAM: StreamState = Object.freeze({
  head: null,
  choices: new Map<number, boolean>(),
  calls: new Set<string>(),
  done: false,
});

export function advance(state: StreamState, data: JsonValue | null, done: boolean): StreamState {
  if (data === null) return done ? { ...state, done } : state;
  return {
    head: state.head ?? headOf(data),
    choices: withChoices(state.choices, data),
    calls: withCalls(state.calls, data),
    done: state.done || done,
  };
}

/**
 * A `content_filter` chunk for every choice that is open, then `[DONE]`. `known` names the stream, `sent` says what of it
 * has left; where no choice has begun there, all known ones end (the first when none is known).
 */
export function contentFilterEnding(known: StreamState, sent: StreamState): readonly SseEvent[] {
  const begun =
    sent.choices.size > 0 ? [...sent.choices] : [...known.choices.keys()].map((index) => [index, false] as const);
  const open = begun.filter(([, finished]) => !finished).map(([index]) => index);
  const indexes = begun.length === 0 ? [0] : open;
  return [...indexes.map((index) => filteredChunk(known.head, index, sent.choices.size === 0)), DONE];
}

function filteredChunk(head: JsonObject | null, index: number, first: boolean): SseEvent {
  const delta = first ? { role: "assistant", content: "" } : {};
  const choice = { index, delta, logprobs: null, finish_reason: "content_filter" };
  return makeEvent(null, {
    id: "",
    created: 0,
    model: "",
    ...head,
    object: "chat.completion.chunk",
    choices: [choice],
  });
}

function headOf(data: JsonValue): JsonObject | null {
  if (!isJsonObject(data) || typeof member(data, "id") !== "string") return null;
  return Object.fromEntries(
    ["id", "created", "model"].flatMap((name) => (Object.hasOwn(data, name) ? [[name, data[name]]] : [])),
  );
}

function withChoices(choices: ReadonlyMap<number, boolean>, data: JsonValue): ReadonlyMap<number, boolean> {
  const seen = choicesOf(data).map((choice) => {
    return [choice.index, isFinished(choice) || choices.get(choice.index) === true] as const;
  });
  return seen.some(([index, finished]) => choices.get(index) !== finished) ? new Map([...choices, ...seen]) : choices;
}

function withCalls(calls: ReadonlySet<string>, data: JsonValue): ReadonlySet<string> {
  const news = callsIn(data, "delta").filter(({ key }) => !calls.has(key));
  return news.length === 0 ? calls : new Set([...calls, ...news.map(({ key }) => key)]);
}

import { sseEvent, type SseEvent } from "../../../lib/http/sse";
import { member, type JsonObject } from "../../../lib/json";
import { objectsIn, wordOf } from "./read-body";
import { pieces } from "./say";

type Unnumbered = JsonObject & { readonly type: string };

/** The events by which a finished Response would have come. */
export function streamResponse(response: JsonObject): readonly SseEvent[] {
  const begun = { ...response, status: "in_progress", completed_at: null, output: [], usage: null };
  const events: readonly Unnumbered[] = [
    { type: "response.created", response: begun },
    { type: "response.in_progress", response: begun },
    ...objectsIn(member(response, "output")).flatMap(itemEvents),
    { type: "response.completed", response },
  ];
  return events.map((event, sequence_number) => sseEvent(event.type, JSON.stringify({ ...event, sequence_number })));
}

function itemEvents(item: JsonObject, output_index: number): readonly Unnumbered[] {
  const place = { item_id: wordOf(item, "id"), output_index };
  const inner = (INNER_EVENTS.get(wordOf(item, "type")) ?? messageEvents)(item, place);
  return [
    { type: "response.output_item.added", output_index, item: { ...item, ...BLANK, ...inner.blank } },
    ...inner.events,
    { type: "response.output_item.done", output_index, item },
  ];
}

interface Inner {
  /** What of the item is still empty when it begins. */
  readonly blank: JsonObject;
  readonly events: readonly Unnumbered[];
}

const BLANK = { status: "in_progress" };

const INNER_EVENTS: ReadonlyMap<string, (item: JsonObject, place: JsonObject) => Inner> = new Map([
  ["function_call", callEvents("function_call_arguments", "arguments")],
  ["custom_tool_call", callEvents("custom_tool_call_input", "input")],
]);

function messageEvents(item: JsonObject, place: JsonObject): Inner {
  const parts = objectsIn(member(item, "content"));
  return { blank: { content: [] }, events: parts.flatMap((part, index) => partEvents(part, place, index)) };
}

function partEvents(part: JsonObject, place: JsonObject, content_index: number): readonly Unnumbered[] {
  const at = { ...place, content_index };
  const text = wordOf(part, "text");
  return [
    { type: "response.content_part.added", ...at, part: { ...part, text: "" } },
    ...pieces(text).map((delta) => ({ type: "response.output_text.delta", ...at, delta, logprobs: [] })),
    { type: "response.output_text.done", ...at, text, logprobs: [] },
    { type: "response.content_part.done", ...at, part },
  ];
}

function callEvents(stem: string, field: string): (item: JsonObject, place: JsonObject) => Inner {
  return (item, place) => {
    const made = wordOf(item, field);
    const half = Math.ceil(made.length / 2);
    const deltas = [made.slice(0, half), made.slice(half)];
    const done = { ...place, name: wordOf(item, "name"), [field]: made };
    const events = [
      ...deltas.map((delta) => ({ type: `response.${stem}.delta`, ...place, delta })),
      { type: `response.${stem}.done`, ...done },
    ];
    return { blank: { [field]: "" }, events };
  };
}

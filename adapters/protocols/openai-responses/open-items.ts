import { isJsonObject, member, type JsonObject } from "../../../lib/json";

/** An event without its sequence number. */
export type EventBody = JsonObject & { readonly type: string };

/** What of the output has begun and not ended. Belongs to one stream. */
export interface OpenItems {
  note(event: EventBody): void;
  /** The events that end it all, with nothing said. Tool calls are left open: a client acts on one that is closed. */
  close(): readonly EventBody[];
}

interface OpenPart {
  readonly kind: PartKind;
  readonly at: JsonObject;
}

interface OpenItem {
  readonly id: string;
  readonly type: string;
  readonly parts: Map<string, OpenPart>;
}

type PartKind = keyof typeof PARTS;

/** Per type of part: the event that repeats its text, that event's members, and the empty part. */
const PARTS = {
  output_text: { text: "output_text", says: { text: "", logprobs: [] }, part: { text: "", annotations: [] } },
  refusal: { text: "refusal", says: { refusal: "" }, part: { refusal: "" } },
  reasoning_text: { text: "reasoning_text", says: { text: "" }, part: { text: "" } },
  summary_text: { text: "reasoning_summary_text", says: { text: "" }, part: { text: "" } },
} as const;

const EMPTY_ITEMS: Readonly<Record<string, JsonObject>> = {
  message: { role: "assistant", content: [] },
  reasoning: { summary: [] },
};

export function createOpenItems(): OpenItems {
  const items = new Map<number, OpenItem>();
  const steps: Readonly<Record<string, (data: JsonObject) => void>> = {
    "response.output_item.added": (data) => openItem(items, data),
    "response.output_item.done": (data) => void items.delete(indexOf(data, "output_index")),
    "response.content_part.added": (data) => openPart(items, data, "content_index"),
    "response.content_part.done": (data) => closePart(items, data, "content_index"),
    "response.reasoning_summary_part.added": (data) => openPart(items, data, "summary_index"),
    "response.reasoning_summary_part.done": (data) => closePart(items, data, "summary_index"),
  };
  return Object.freeze({
    note: (event: EventBody) => (Object.hasOwn(steps, event.type) ? steps[event.type]?.(event) : undefined),
    close: () => [...items].flatMap(([index, open]) => closings(index, open)),
  });
}

function openItem(items: Map<number, OpenItem>, data: JsonObject): void {
  const item = member(data, "item");
  const type = isJsonObject(item) ? member(item, "type") : undefined;
  if (!isJsonObject(item) || typeof type !== "string" || !Object.hasOwn(EMPTY_ITEMS, type)) return;
  items.set(indexOf(data, "output_index"), { id: textOf(item, "id"), type, parts: new Map() });
}

function openPart(items: Map<number, OpenItem>, data: JsonObject, indexName: string): void {
  const open = items.get(indexOf(data, "output_index"));
  const part = member(data, "part");
  const kind = isJsonObject(part) ? member(part, "type") : undefined;
  if (open === undefined || typeof kind !== "string" || !isPartKind(kind)) return;
  open.parts.set(partKey(data, indexName), { kind, at: { [indexName]: indexOf(data, indexName) } });
}

function closePart(items: Map<number, OpenItem>, data: JsonObject, indexName: string): void {
  items.get(indexOf(data, "output_index"))?.parts.delete(partKey(data, indexName));
}

function closings(output_index: number, { id, type, parts }: OpenItem): readonly EventBody[] {
  const where = { item_id: id, output_index };
  const item = { id, type, status: "incomplete", ...EMPTY_ITEMS[type] };
  return [
    ...[...parts.values()].flatMap(({ kind, at }) => partClosings(kind, { ...where, ...at })),
    { type: "response.output_item.done", output_index, item },
  ];
}

function partClosings(kind: PartKind, where: JsonObject): readonly EventBody[] {
  const { text, says, part } = PARTS[kind];
  const stem = kind === "summary_text" ? "reasoning_summary_part" : "content_part";
  return [
    { ...where, ...says, type: `response.${text}.done` },
    { ...where, type: `response.${stem}.done`, part: { type: kind, ...part } },
  ];
}

function isPartKind(kind: string): kind is PartKind {
  return Object.hasOwn(PARTS, kind);
}

function partKey(data: JsonObject, indexName: string): string {
  return `${indexName}/${indexOf(data, indexName)}`;
}

function indexOf(data: JsonObject, name: string): number {
  const index = member(data, name);
  return typeof index === "number" ? index : 0;
}

function textOf(object: JsonObject, name: string): string {
  const value = member(object, name);
  return typeof value === "string" ? value : "";
}

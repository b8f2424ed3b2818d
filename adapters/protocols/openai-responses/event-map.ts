import { isJsonObject, member, type JsonObject, type JsonValue } from "../../../lib/json";
import type { AnswerSpan } from "../../../lib/ports/protocol";
import { identifier } from "../plain-values";
import { findText, jsonText, leaves, leftAlone, members, scanned, text, type TextReader } from "../text-map";
import { contentPart } from "./content-map";
import { outputItem } from "./item-map";
import { responseMap, withRepeats } from "./read-answer";

const EVENT_NAME = /^[\w.]{1,128}$/;
const eventName: TextReader = (place, found) => {
  const plain = typeof place.value === "string" && EVENT_NAME.test(place.value);
  if (!plain) scanned(place, found);
};

const ENVELOPE = { type: eventName, item_id: identifier, obfuscation: leftAlone, logprobs: leftAlone };

/** Streams of text inside an answer: `<stem>.delta`, and its copy in `<stem>.done` under a name of the stem's own. */
const TEXT_STEMS: Readonly<Record<string, TextReader>> = {
  output_text: text,
  refusal: text,
  reasoning_text: text,
  reasoning_summary_text: text,
  "audio.transcript": text,
  function_call_arguments: jsonText,
  mcp_call_arguments: jsonText,
  custom_tool_call_input: text,
  code_interpreter_call_code: text,
  shell_call_command: text,
  shell_call_output_content: leaves,
  apply_patch_call_operation_diff: text,
};
const COPY_MEMBERS = [
  "text",
  "refusal",
  "arguments",
  "input",
  "code",
  "command",
  "output",
  "diff",
  "transcript",
] as const;

const LIFECYCLE = ["created", "queued", "in_progress", "completed", "incomplete", "failed"] as const;

const bytes = members({ ...ENVELOPE, delta: leftAlone, partial_image_b64: leftAlone });
const part = members({ ...ENVELOPE, part: contentPart });
const item = members({ ...ENVELOPE, item: outputItem });
const lifecycle = members({ ...ENVELOPE, response: responseMap });
const failure = members({ ...ENVELOPE, code: identifier, message: text, error: members({ message: text }) });

const EVENTS: Readonly<Record<string, TextReader>> = {
  ...Object.fromEntries(Object.entries(TEXT_STEMS).flatMap(([stem, reader]) => stemEvents(stem, reader))),
  ...Object.fromEntries(LIFECYCLE.map((phase) => [`response.${phase}`, lifecycle])),
  "response.content_part.added": part,
  "response.content_part.done": part,
  "response.reasoning_summary_part.added": part,
  "response.reasoning_summary_part.done": part,
  "response.output_item.added": item,
  "response.output_item.done": item,
  "response.audio.delta": bytes,
  "response.image_generation_call.partial_image": bytes,
  error: failure,
};

const INNER_INDEXES = ["content_index", "summary_index", "command_index"] as const;
const unknownEvent = members(ENVELOPE);
const unknownText = stemReader(text);
const unknownJson = stemReader(jsonText);

/**
 * The text of one event. Events that nobody knows yet are read and not rewritten, but for what streams under a name of no
 * known stem (`response.mcp_call.arguments.delta`, of old): it is text as any other.
 */
export function readEventSpans(type: string, data: JsonValue): readonly AnswerSpan[] {
  const { spans } = findText(readerOf(type), data, "assistant");
  return spans.map((span) => inChannel(withRepeats(span, data), type, data));
}

function readerOf(type: string): TextReader {
  const known = Object.hasOwn(EVENTS, type) ? EVENTS[type] : undefined;
  if (known !== undefined) return known;
  if (!/^response\..+\.(?:delta|done)$/.test(type)) return unknownEvent;
  return stemOf(type).endsWith("arguments") ? unknownJson : unknownText;
}

/** Which channels an event closes: one text, a part with its texts, or an item with its parts. */
export function endedChannels(type: string, data: JsonValue): readonly string[] {
  if (!type.endsWith(".done") || !isJsonObject(data)) return [];
  const stem = stemOf(type);
  const item = indexIn(data, "output_index");
  if (stem === "output_item") return [item];
  return [stem.endsWith("_part") ? `${item}/${innerIndex(data)}` : `${item}/${innerIndex(data)}/${stem}`];
}

/** `0/0/output_text`: output index, index of the part inside it, stem. */
function inChannel(span: AnswerSpan, type: string, data: JsonValue): AnswerSpan {
  if (!isJsonObject(data) || span.path[0] !== "delta" || span.names === true) return span;
  const steps = [indexIn(data, "output_index"), innerIndex(data), stemOf(type), ...span.path.slice(1)];
  return { ...span, channel: steps.join("/") };
}

function stemOf(type: string): string {
  return type.replace(/^response\./, "").replace(/\.(?:delta|done)$/, "");
}

function innerIndex(data: JsonObject): string {
  return indexIn(data, INNER_INDEXES.find((name) => Object.hasOwn(data, name)) ?? INNER_INDEXES[0]);
}

function indexIn(data: JsonObject, name: string): string {
  const index = member(data, name);
  return typeof index === "number" ? String(index) : "-";
}

function stemEvents(stem: string, reader: TextReader): [string, TextReader][] {
  const read = stemReader(reader);
  return ["added", "delta", "done"].map((step) => [`response.${stem}.${step}`, read]);
}

function stemReader(reader: TextReader): TextReader {
  const copies = Object.fromEntries(COPY_MEMBERS.map((name) => [name, reader]));
  return members({ ...ENVELOPE, delta: reader, ...copies });
}

import type { DlpReport } from "../audit/record";
import type { DlpEngine, Edit, EffectivePolicy, Inspection } from "../dlp/engine";
import type { Tokens } from "../dlp/tokens";
import { editJson } from "../http/edit-json";
import { emptyArrays } from "../http/empty-arrays";
import type { SseEvent } from "../http/sse";
import type { JsonValue } from "../json";
import type { AnswerContent, AnswerSpan, EventContent } from "../ports/protocol";
import { spansAsWritten } from "./spans-as-written";

/** What may be sent of an answer: nothing when a rule blocks it. */
export type InspectedAnswer =
  | { readonly blockedBy: null; readonly bytes: Uint8Array; readonly report: DlpReport }
  | { readonly blockedBy: string; readonly bytes: null; readonly report: DlpReport };

/** One event with what its protocol reads in it. */
export interface EventRead {
  readonly event: SseEvent;
  /** The event's JSON; null where its data is none. */
  readonly data: JsonValue | null;
  readonly content: EventContent;
}

/** A stream that was collected whole. Without events when a rule blocks it. */
export interface InspectedEvents {
  readonly blockedBy: string | null;
  readonly events: readonly EventRead[];
  readonly report: DlpReport;
}

/** `bytes` are what `content` was read from. Unchanged texts leave every byte as it is. Throws as the engine does. */
export async function inspectJsonAnswer(
  bytes: Uint8Array,
  content: AnswerContent,
  policy: EffectivePolicy,
  engine: DlpEngine,
  signal: AbortSignal,
  tokens?: Tokens | null,
): Promise<InspectedAnswer> {
  const spans = spansAsWritten(content.spans, () => bytes);
  const inspection = await engine.inspect(spans, [], policy, signal, tokens);
  return answerOf(inspection, () => editSpans(bytes, spans, inspection.edits));
}

/** An answer in no dialect: one text. What is not UTF-8 counts as a document that cannot be inspected. */
export async function inspectPlainAnswer(
  bytes: Uint8Array,
  policy: EffectivePolicy,
  engine: DlpEngine,
  signal: AbortSignal,
  tokens?: Tokens | null,
): Promise<InspectedAnswer> {
  const text = decodeUtf8(bytes);
  if (text === null) {
    const part = { path: [], kind: "document" } as const;
    return answerOf(await engine.inspect([], [part], policy, signal), () => bytes);
  }
  const inspection = await engine.inspect([wholeText(text)], [], policy, signal, tokens);
  const edited = inspection.edits[0]?.text;
  return answerOf(inspection, () => (edited === undefined ? bytes : Buffer.from(edited)));
}

/** The texts of all events are inspected as the client will join them. Events without an edit keep their raw bytes. */
export async function inspectEvents(
  events: readonly EventRead[],
  policy: EffectivePolicy,
  engine: DlpEngine,
  signal: AbortSignal,
  tokens?: Tokens | null,
): Promise<InspectedEvents> {
  const spansOf = events.map(spansOfEvent);
  const { blockedBy, edits, report } = await engine.inspect(spansOf.flat(), [], policy, signal, tokens);
  if (blockedBy !== null) return Object.freeze({ blockedBy, events: [], report });
  const byIndex = new Map(edits.map((edit) => [edit.index, edit.text]));
  let first = 0;
  const edited = events.map((read, at) => {
    const spans = spansOf[at] ?? [];
    const own = spans.flatMap((_, index) => {
      const text = byIndex.get(first + index);
      return text === undefined ? [] : [{ index, text }];
    });
    first += spans.length;
    return own.length === 0 ? read : editEvent(read, spans, own);
  });
  return Object.freeze({ blockedBy, events: Object.freeze(edited), report });
}

/** Data that is neither JSON nor the dialect's own mark is read as it is: what a codec does not know must not pass unseen. */
export function spansOfEvent({ event, data, content }: EventRead): readonly AnswerSpan[] {
  const unread = data === null && event.data !== null && content.terminal === null;
  return unread ? [wholeText(event.data)] : spansAsWritten(content.spans, () => Buffer.from(event.data ?? ""));
}

/** The event with new texts for its spans; the rest of its data stays as it is. */
export function editEvent(read: EventRead, spans: readonly AnswerSpan[], edits: readonly Edit[]): EventRead {
  const { event, data } = read;
  const text = data === null ? (edits[0]?.text ?? "") : editText(event.data ?? "", spans, edits);
  return Object.freeze({ ...read, event: Object.freeze({ ...event, data: text, raw: null }) });
}

function editText(json: string, spans: readonly AnswerSpan[], edits: readonly Edit[]): string {
  return Buffer.from(editSpans(Buffer.from(json), spans, edits)).toString("utf8");
}

function editSpans(bytes: Uint8Array, spans: readonly AnswerSpan[], edits: readonly Edit[]): Uint8Array {
  const changed = edits.flatMap(({ index, text }) => {
    const span = spans[index];
    return span === undefined ? [] : [{ span, text }];
  });
  const replace = changed.map(({ span: { path, structured = false }, text }) => ({ path, text, structured }));
  const edited = editJson({ bytes }, { replace });
  return emptyArrays(
    edited,
    changed.flatMap(({ span }) => span.repeatedAt ?? []),
  );
}

function answerOf(inspection: Inspection, bytes: () => Uint8Array): InspectedAnswer {
  const { blockedBy, report } = inspection;
  if (blockedBy === null) return Object.freeze({ blockedBy, bytes: bytes(), report });
  return Object.freeze({ blockedBy, bytes: null, report });
}

function wholeText(text: string): AnswerSpan {
  return { path: [], role: "unknown", text, rewritable: true };
}

/** Null when the bytes are not UTF-8, or are UTF-16 that could be taken for it; a byte order mark is kept as a character. */
function decodeUtf8(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

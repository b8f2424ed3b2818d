import { createSseParser, type SseEvent } from "../../http/sse";
import type { JsonValue } from "../../json";
import type { EventContent, SseSession } from "../../ports/protocol";

export interface ReadEvent {
  readonly event: SseEvent;
  readonly data: JsonValue | null;
  readonly content: EventContent;
}

/** An event to deliver, or the ending of a stream that policy withholds from here on. */
export type StreamStep = ReadEvent | Withholding;

export interface Withholding {
  readonly withheld: readonly SseEvent[];
  /** A rule stopped it after a part of it had gone out. */
  readonly midstream?: true;
}

/** The events of a stream in order, each read by its dialect; no bytes between them are lost. */
export async function* readEvents(
  body: AsyncIterable<Uint8Array>,
  session: SseSession,
  maxEventBytes: number,
): AsyncGenerator<ReadEvent> {
  const parser = createSseParser({ maxEventBytes });
  for await (const chunk of body) {
    for (const event of parser.push(chunk)) yield readEvent(event, session);
  }
  for (const event of parser.end()) yield readEvent(event, session);
}

function readEvent(event: SseEvent, session: SseSession): ReadEvent {
  const data = event.data === null ? null : parsedOrNull(event.data);
  return { event, data, content: session.read(event, data) };
}

function parsedOrNull(data: string): JsonValue | null {
  try {
    return JSON.parse(data) as JsonValue;
  } catch {
    return null;
  }
}

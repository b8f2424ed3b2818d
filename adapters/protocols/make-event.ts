import type { SseEvent } from "../../lib/http/sse";
import type { JsonValue } from "../../lib/json";

/** A comment, which clients skip. */
export const PING_COMMENT: SseEvent = Object.freeze({ event: null, data: null, raw: Buffer.from(": ping\n\n") });

/** An event of our own, with JSON as its data. */
export function makeEvent(event: string | null, data: JsonValue): SseEvent {
  return Object.freeze({ event, data: JSON.stringify(data), raw: null });
}

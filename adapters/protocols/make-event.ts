import type { SseEvent } from "../../lib/http/sse";
import type { JsonValue } from "../../lib/json";

/** An event of our own, with JSON as its data. */
export function makeEvent(event: string | null, data: JsonValue): SseEvent {
  return Object.freeze({ event, data: JSON.stringify(data), raw: null });
}

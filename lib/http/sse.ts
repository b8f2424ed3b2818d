/** One server-sent event. Field order and comments of the original are kept in `raw`, so that what is not changed goes on byte for byte. */
export interface SseEvent {
  /** The `event:` field; null when absent. */
  readonly event: string | null;
  /** The `data:` lines joined by LF; null for a comment or an event without data. */
  readonly data: string | null;
  /** The bytes as received, blank line included; null for an event made here. */
  readonly raw: Uint8Array | null;
}

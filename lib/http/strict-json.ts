import type { JsonObject } from "../json";

/** A body that was judged: its bytes, and the one value that every later stage sees. */
export interface JsonDocument {
  readonly bytes: Uint8Array;
  readonly value: JsonObject;
}

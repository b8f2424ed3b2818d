import type { SseEvent } from "../../../lib/http/sse";
import type { JsonObject, JsonValue } from "../../../lib/json";

/** What the echo model is asked, whichever protocol asked it. */
export interface EchoRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Empty for operations without one. */
  readonly body: JsonObject;
  /** 32 hexadecimal digits, one per call: what ids are made of. */
  readonly id: string;
  /** Seconds since the Unix epoch. */
  readonly at: number;
  readonly inputTokens: number;
}

/** One answer, whole or as a stream. */
export type EchoReply =
  { readonly status: number; readonly json: JsonValue } | { readonly events: readonly SseEvent[] };

/** How one protocol puts what the model says, by operation id. */
export type EchoDialect = Readonly<Record<string, (request: EchoRequest) => EchoReply>>;

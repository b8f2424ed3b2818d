import { Readable } from "node:stream";
import { recordedExchange } from "./exchange";
import type { JsonObject } from "./json";
import type { Grant } from "./policy/combine-grants";
import type { Principal } from "./policy/domain";

/** What a handler behind the gate may know of a call. Frozen. */
export interface ClearedCallView {
  /** UUIDv7; the `x-request-id` of the response and of every record. */
  readonly requestId: string;
  /** `chat`, `responses` or `messages`. */
  readonly protocol: string;
  /** `chat.create`, `responses.get`. */
  readonly operation: string;
  /** Null for operations on a response id. */
  readonly model: string | null;
  readonly stream: boolean;
  readonly principal: Principal;
  readonly grant: Grant;
  /** The parse of exactly `bytes`; null for operations without a body. */
  readonly body: JsonObject | null;
  /** What may go upstream: judged, redacted where policy says so. */
  readonly bytes: Uint8Array;
  /** `bytes` as a stream, for clients that want one. */
  replay(): Readable;
  /** Aborts when the client goes away or the gate ends the call. */
  readonly signal: AbortSignal;
}

/** The call that the gate cleared for this request; throws a ConfigurationError when the gate has not run. */
export function clearedCall(req: object): ClearedCallView {
  const { call } = recordedExchange(req);
  return Object.freeze({
    requestId: call.requestId,
    protocol: call.protocol.name,
    operation: call.operation.id,
    model: call.prompt?.model ?? null,
    stream: call.prompt?.stream ?? false,
    principal: call.principal,
    grant: call.grant,
    body: forwardedBody(call.bytes),
    bytes: call.bytes,
    replay: () => Readable.from([call.bytes]),
    signal: call.signal,
  });
}

/** The judged bytes passed the strict scan, and edits keep them JSON: any other parser reads the same. */
export function forwardedBody(bytes: Uint8Array): JsonObject | null {
  return bytes.length === 0 ? null : (JSON.parse(Buffer.from(bytes).toString("utf8")) as JsonObject);
}

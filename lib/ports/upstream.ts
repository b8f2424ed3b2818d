import type { Answer } from "../answer";
import type { ClearedCall } from "../call";

/**
 * Carries a cleared call to a model provider.
 *
 * Resolves once the answer's head is there; the body is pulled, so that a slow client slows the provider.
 * Rejects with a Denial (`upstream_unavailable`, `upstream_timeout`, `unsupported_parameter`) when there is no answer;
 * the provider's own errors, whatever their status, are answers. Aborting `signal` ends the exchange, body included.
 * Sends `call.bytes` as they are, and none of the client's credentials.
 */
export interface Upstream {
  readonly name: string;
  /** The protocols it speaks, by name. Absent: all. */
  readonly protocols?: readonly string[];
  forward(call: ClearedCall, signal: AbortSignal): Promise<Answer>;
  close?(): Promise<void>;
}

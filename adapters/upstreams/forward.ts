import type { RequestHandler } from "express";
import type { ClearedCall } from "../../lib/call";
import { ConfigurationError, Denial } from "../../lib/denial";
import { handleCalls } from "../../lib/handle-calls";
import type { Upstream } from "../../lib/ports/upstream";

export interface ForwardOptions {
  /** By the provider's name in the catalogue. */
  readonly upstreams?: Readonly<Record<string, Upstream>>;
  /** For providers that are not named. Without it their calls are 502. */
  readonly default?: Upstream;
}

/**
 * The Express handler that carries cleared calls to model providers: the judged bytes as they are, the answer through
 * the gate's inspection. `app.use(gate, forward({ default: echoUpstream() }))`.
 */
export function forward(options: ForwardOptions): RequestHandler {
  const upstreams = new Map(Object.entries(options.upstreams ?? {}));
  if (upstreams.size === 0 && options.default === undefined) {
    throw new ConfigurationError(
      "no_upstream",
      "forward() has no upstream; write forward({ default: echoUpstream() }) to try it.",
    );
  }
  return handleCalls((call) => {
    const upstream = (call.upstream === null ? undefined : upstreams.get(call.upstream)) ?? options.default;
    return spoken(call, upstream).forward(call, call.signal);
  });
}

function spoken(call: ClearedCall, upstream: Upstream | undefined): Upstream {
  if (upstream === undefined) {
    const detail = `no upstream is configured for provider ${call.upstream ?? "(none)"}`;
    throw new Denial("upstream_unavailable", { reason: "configuration", detail });
  }
  const { protocols } = upstream;
  if (protocols === undefined || protocols.includes(call.protocol.name)) return upstream;
  const message = "The model's provider does not speak this protocol.";
  throw new Denial("unsupported_parameter", { reason: "unsupported_protocol", field: "model", message });
}

import type { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Core } from "./core";
import type { Denial } from "./denial";
import type { ServerGuard } from "./http/protect-server";
import { requestId } from "./http/request-id";
import { denialFacts } from "./stages/record/call-facts";

/** One gate's view of a server. Where no path is known, the first protocol's dialect is spoken. */
export function serverGuard(core: Core): ServerGuard {
  const [protocol] = core.protocols;
  if (protocol === undefined) throw new RangeError("A gate has at least one protocol.");
  return {
    protocol,
    errorForm: core.errorForm,
    isGuarded: (req: IncomingMessage) => core.route(req.method ?? "GET", req.url ?? "/", false, false) !== null,
    isBusy: (socket: Duplex) => [...core.active].some((exchange) => exchange.socket === socket),
    requestId: () => requestId(core.clock.now(), core.random),
    recordUnreadable: (denial: Denial, id: string, socket: Duplex) =>
      core.recorder.refusal({
        ...denialFacts(denial),
        requestId: id,
        source: socket instanceof Socket ? (socket.remoteAddress ?? null) : null,
      }),
  };
}

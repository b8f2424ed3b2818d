import { randomBytes } from "node:crypto";
import type { Request, Response } from "express";
import type { Core } from "./core";
import { Denial, DENIALS } from "./denial";
import { exchangeOf } from "./exchange";
import { requestId } from "./http/request-id";
import { closeExchange, openExchange } from "./open-exchange";
import { refuse } from "./refuse";
import { takeUp } from "./take-up";

const WARNING =
  "A request reached a guarded handler without having gone through the gate, and was refused. " +
  "Mount the gate before the handler: app.use(llmGate({ store })).";

/** Answers 500 in JSON itself: the host's own error page would show where it runs. */
export function answerUnguarded(res: Response): void {
  process.emitWarning(WARNING, { code: "LLM_GATE_UNGUARDED" });
  res.setHeader(
    "x-request-id",
    requestId(Date.now(), (size) => randomBytes(size)),
  );
  res.setHeader("cache-control", "no-store");
  const { message } = DENIALS.internal_error;
  res.status(500).json({ error: { message, type: "server_error", code: "internal_error" } });
}

/** The same in the dialect of the path, and on record. */
export async function refuseUnguarded(core: Core, req: Request, res: Response): Promise<void> {
  const exchange = exchangeOf(req) ?? takeUp(core, req, res) ?? openExchange(core, req, res, outside(core, req));
  core.logger.error(WARNING, { requestId: exchange.state.call.requestId });
  await refuse(core, exchange, new Denial("internal_error", { reason: "unguarded" }));
  closeExchange(core, exchange);
}

/** A path that no gate guards: no dialect is nearer than the first. */
function outside({ protocols }: Core, { path }: Request): Parameters<typeof openExchange>[3] {
  const [protocol] = protocols;
  if (protocol === undefined) throw new RangeError("A gate has at least one protocol.");
  const denial = new Denial("unknown_endpoint", { reason: "unlisted_endpoint" });
  return { protocol, route: { denial }, path: path.slice(0, 256), target: "" };
}

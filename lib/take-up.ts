import type { Request, Response } from "express";
import type { Core } from "./core";
import { Denial } from "./denial";
import { exchangeOf, type Exchange } from "./exchange";
import { openExchange } from "./open-exchange";

const HEADER_LINES = 100;
const warned = new WeakSet<Core>();

/**
 * Takes a request up when it is the gate's business: below the prefix, and not taken up before.
 * A node that is going away, or a request with too many header lines, is refused before its credential costs anything.
 */
export function takeUp(core: Core, req: Request, res: Response): Exchange | null {
  if (exchangeOf(req)) return null;
  if (req.baseUrl !== "") warnOfPath(core);
  const upgrade = req.headers.upgrade !== undefined && /websocket/i.test(req.headers.upgrade);
  const routed = core.route(req.method, req.originalUrl, upgrade, req.headers["anthropic-version"] !== undefined);
  return routed === null ? null : openExchange(core, req, res, routed);
}

/** What a gate was mounted on is first known when a request comes; each gate says it once. */
function warnOfPath(core: Core): void {
  if (warned.has(core)) return;
  warned.add(core);
  core.logger.warn(
    "the gate is mounted on a path and sees only what Express routes there, so that look-alikes of guarded paths pass it by; " +
      'write app.use(gate) at the root, and llmGate({ prefix: "/llm/v1" }) to guard another path than /v1',
  );
}

/**
 * Throws the Denial that comes before any credential is looked at. Calls that arrive while the gate starts wait for it;
 * after a start that failed they are refused, and one of them tries again.
 */
export async function refuseAtDoor(core: Core, exchange: Exchange): Promise<void> {
  if (core.life.draining) throw new Denial("draining", { reason: "draining", headers: { Connection: "close" } });
  if (exchange.req.rawHeaders.length / 2 > HEADER_LINES) throw new Denial("headers_too_large", { reason: "malformed" });
  if (!core.life.started) await core.life.ready().catch(unavailable);
}

function unavailable(cause: unknown): never {
  throw new Denial("store_unavailable", { reason: "store_unavailable", cause });
}

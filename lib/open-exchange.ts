import type { Request, Response } from "express";
import type { Core } from "./core";
import { rememberExchange, type Exchange } from "./exchange";
import { arrive } from "./http/arrive";
import type { Routed } from "./http/route";
import { answerWriter } from "./http/write-answer";
import type { Release } from "./options";

/** Takes a request into the gate's hands: from here on it is answered by the gate, and its end is on record. */
export function openExchange(core: Core, req: Request, res: Response, routed: Routed): Exchange {
  const { call, abort } = arrive(req, res, routed, core);
  res.setHeader("x-request-id", call.requestId);
  const exchange: Exchange = {
    ...{ req, res, abort, socket: req.socket },
    writer: answerWriter(res),
    state: { at: "arrived", call },
    verdict: null,
    tap: null,
    ended: false,
    withHost: false,
    releases: [],
  };
  core.active.add(exchange);
  res.once("close", () => {
    if (exchange.state.at !== "recorded") closeExchange(core, exchange);
  });
  return rememberExchange(exchange);
}

/** Gives back what admission took. Idempotent. */
export function closeExchange(core: Core, exchange: Exchange): void {
  core.active.delete(exchange);
  for (const release of exchange.releases.splice(0)) void giveBack(core, release);
}

/** An async function is a release, too: what it rejects with would end the process. */
async function giveBack({ logger }: Core, release: Release): Promise<void> {
  try {
    const given: unknown = release();
    await given;
  } catch (error) {
    logger.error("a release of the host's admission failed", {
      error: error instanceof Error ? error.name : "unknown",
    });
  }
}

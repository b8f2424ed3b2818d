import type { Request, Response } from "express";
import type { Call } from "../call";
import type { Clock, RandomBytes } from "../ports/clock";
import { forwardableHeaders } from "./forwardable-headers";
import { requestId } from "./request-id";
import type { Routed } from "./route";
import { ClientGone } from "./write-answer";

const RECORDED_ID_LIMIT = 200;

/** Reads what a request says of itself into a Call; nothing is judged here. */
export function arrive(
  req: Request,
  res: Response,
  routed: Routed,
  deps: { readonly clock: Clock; readonly random: RandomBytes },
): { readonly call: Call; readonly abort: AbortController } {
  const abort = new AbortController();
  res.once("close", () => {
    if (!res.writableFinished) abort.abort(new ClientGone());
  });
  const receivedAt = deps.clock.now();
  const call: Call = {
    requestId: requestId(receivedAt, deps.random),
    clientRequestId: fieldText(req.headers["x-request-id"])?.slice(0, RECORDED_ID_LIMIT) ?? null,
    protocol: routed.protocol,
    route: routed.route,
    method: req.method,
    path: routed.path,
    target: routed.target,
    headers: forwardableHeaders(req.rawHeaders),
    source: req.ip ?? req.socket.remoteAddress ?? null,
    userAgent: req.headers["user-agent"] ?? null,
    receivedAt,
    startedAt: deps.clock.monotonic(),
    signal: abort.signal,
  };
  return { call, abort };
}

function fieldText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(", ") : value;
}

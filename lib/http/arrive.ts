import type { Request, Response } from "express";
import type { Call } from "../call";
import type { Clock, RandomBytes } from "../ports/clock";
import { forwardableHeaders } from "./forwardable-headers";
import { requestId } from "./request-id";
import type { Routed } from "./route";
import { ClientGone } from "./write-answer";

const RECORDED_ID_LIMIT = 200;

/** Claude Code's, codex's, pi's and opencode's. */
const SESSION_FIELDS = ["x-claude-code-session-id", "session-id", "session_id", "x-session-id"];

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
    clientRequestId: recordedId(req, ["x-request-id"]),
    clientSessionId: recordedId(req, SESSION_FIELDS),
    protocol: routed.protocol,
    route: routed.route,
    method: req.method,
    path: routed.path,
    target: routed.target,
    headers: forwardableHeaders(req.rawHeaders),
    source: withoutPort(req.ip ?? req.socket.remoteAddress ?? null),
    userAgent: req.headers["user-agent"] ?? null,
    receivedAt,
    startedAt: deps.clock.monotonic(),
    signal: abort.signal,
  };
  return { call, abort };
}

/** Some proxies write the client's port behind its address: `192.0.2.7:4711`, `[2001:db8::1]:4711`. */
function withoutPort(address: string | null): string | null {
  const [, bracketed, dotted] = /^(?:\[([^\]]+)\]|([\d.]+))(?::\d+)?$/.exec(address ?? "") ?? [];
  return bracketed ?? dotted ?? address;
}

/** The first of these fields that is there. */
function recordedId({ headers }: Request, names: readonly string[]): string | null {
  const name = names.find((candidate) => headers[candidate] !== undefined) ?? "";
  return fieldText(headers[name])?.slice(0, RECORDED_ID_LIMIT) ?? null;
}

function fieldText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(", ") : value;
}

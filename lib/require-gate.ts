import type { RequestHandler } from "express";
import { isRecorded } from "./exchange";
import { worksOf, type Gate } from "./gate";
import { answerUnguarded, refuseUnguarded } from "./unguarded";

/**
 * Wraps a handler so that it cannot run unguarded: a request that has not gone through the gate is answered 500,
 * whatever was mounted where. Given the gate, the refusal is in the dialect of the path and on record (`unguarded`).
 */
export function requireGate(handler: RequestHandler, gate?: Gate): RequestHandler {
  const works = gate === undefined ? null : worksOf(gate);
  return function guarded(req, res, next) {
    if (isRecorded(req)) return handler(req, res, next);
    if (works === null) return answerUnguarded(res);
    return void refuseUnguarded(works.core, req, res);
  };
}

import type { RequestHandler } from "express";
import { recordedExchange } from "./exchange";

/**
 * Wraps a handler so that it cannot run unguarded: a request that has not gone through the gate ends as an error
 * (`gate_has_not_run`, 500), whatever was mounted where.
 */
export function requireGate(handler: RequestHandler): RequestHandler {
  return function guarded(req, res, next) {
    try {
      recordedExchange(req);
    } catch (error) {
      return next(error);
    }
    return handler(req, res, next);
  };
}

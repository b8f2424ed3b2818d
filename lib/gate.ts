import type { RequestHandler } from "express";
import type { Server } from "node:http";
import type { Answer } from "./answer";
import { bindAnswers, bindStages } from "./bind-stages";
import type { ClearedCall } from "./call";
import { createCore, type Bindings } from "./core";
import { ConfigurationError } from "./denial";
import type { Direction } from "./dlp/policy";
import { inspectText, type InspectedText } from "./dlp/inspect-text";
import { handleCalls } from "./handle-calls";
import { guardServer } from "./http/protect-server";
import { createLife, type Health } from "./life";
import type { GateOptions } from "./options";
import type { Principal } from "./policy/domain";
import { serve, type Works } from "./serve";
import { serverGuard } from "./server-guard";
import { takeUp } from "./take-up";

/** The composed middleware, mounted at the root: `app.use(gate)`. */
export interface Gate extends RequestHandler {
  /** Resolves when the store is open, migrated and read, and earlier boots' open intents are closed; rejects with what is wrong. */
  readonly ready: () => Promise<void>;
  /** An Express handler that answers calls directly: no detour over `res`. A fetch `Response` will do as well. */
  handle(answer: (call: ClearedCall) => Promise<Answer | Response>): RequestHandler;
  /** Parser errors, upgrades, `Expect: 100-continue` and draining on this server. Returns it. */
  protectServer<S extends Server>(server: S): S;
  /** The same filters, under the same policy, for the host's own user interface. */
  inspectText(principal: Principal, direction: Direction, text: string): Promise<InspectedText>;
  /** For readiness probes. */
  health(): Health;
  /** New calls get 503; resolves when the running ones have ended, at the latest after `graceMs` (default 30,000), and all is on record. */
  drain(graceMs?: number): Promise<void>;
  /** Drains, then closes the audit trail and the store. */
  close(graceMs?: number): Promise<void>;
}

const works = new WeakMap<object, Works>();

/** For the single middlewares, which share one gate's parts. */
export function worksOf(gate: Gate): Works {
  const found = works.get(gate);
  if (found) return found;
  throw new ConfigurationError("not_a_gate", "The single middlewares take the gate: authenticate(llmGate({ store })).");
}

/** Operators' mistakes explain themselves; other errors could quote what they were given. */
function describe(error: unknown): string {
  return error instanceof ConfigurationError ? error.message : error instanceof Error ? error.name : "unknown";
}

/** Binds protocols and detectors once; what comes back is `llmGate`. */
export function createGate(bindings: Bindings): (options: GateOptions) => Gate {
  return function llmGate(options) {
    const core = createCore(bindings, options);
    const parts: Works = Object.freeze({ core, stages: bindStages(core), answers: bindAnswers(core) });
    const servers = new Set<Server>();
    const life = createLife(core, servers);
    const middleware: RequestHandler = function llmGate(req, res, next) {
      const exchange = takeUp(core, req, res);
      if (exchange === null) return next();
      void serve(parts, exchange, next);
    };
    // A host that awaits `ready()` hears of it there; one that does not finds it in its log.
    let awaited = false;
    life.ready().catch((error: unknown) => {
      if (!awaited) core.logger.error("the gate could not start", { error: describe(error) });
    });
    const gate: Gate = Object.assign(middleware, {
      ...life,
      ready() {
        awaited = true;
        return life.ready();
      },
      handle: handleCalls,
      protectServer<S extends Server>(server: S): S {
        guardServer(server, serverGuard(core));
        servers.add(server);
        return server;
      },
      inspectText: (principal: Principal, direction: Direction, text: string) =>
        inspectText(core.engine, principal, direction, text, core.openVault(principal)),
    });
    works.set(gate, parts);
    return gate;
  };
}

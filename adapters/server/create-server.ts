import type { ErrorRequestHandler, Express, RequestHandler } from "express";
import { createServer, type Server } from "node:http";
import { ConfigurationError } from "../../lib/denial";
import type { Gate } from "../../lib/gate";
import type { Logger } from "../../lib/ports/logger";
import { forward, type ForwardOptions } from "../upstreams/forward";
import { loadExpress } from "./load-express";

export type TrustProxy = boolean | number | string | readonly string[];

export interface GateServerOptions {
  readonly gate: Gate;
  /** As the gate's own. Default `/v1`. */
  readonly prefix?: string;
  readonly upstreams: ForwardOptions;
  /** As Express's `trust proxy`: decides the source address on record. Default false. */
  readonly trustProxy?: TrustProxy;
  readonly logger: Logger;
}

/** Slow senders hold a socket, and nothing else, for so long at most. */
const TIMEOUTS = Object.freeze({
  headersTimeout: 20_000,
  requestTimeout: 300_000,
  /** Above what load balancers keep, so that it is they who close. */
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
});

/** The gate as a server of its own: health, the gate, and the upstreams behind it. Nothing else is mounted. */
export function createGateServer(options: GateServerOptions): Server {
  const { gate, prefix = "/v1", upstreams, trustProxy = false, logger } = options;
  const app = loadExpress()();
  app.disable("x-powered-by").disable("etag");
  setTrustProxy(app, trustProxy);
  app.get("/healthz", (_req, res) => void res.set("cache-control", "no-store").json({ status: "alive" }));
  app.get("/readyz", readiness(gate));
  app.use(gate);
  app.use(prefix, forward(upstreams));
  app.use((_req, res) => void res.status(404).json({ error: "Not found" }));
  app.use(lastResort(logger));
  return gate.protectServer(createServer(TIMEOUTS, app));
}

function setTrustProxy(app: Express, trustProxy: TrustProxy): void {
  try {
    app.set("trust proxy", trustProxy);
  } catch (cause) {
    const shown = JSON.stringify(trustProxy);
    throw new ConfigurationError("trust_proxy", `trustProxy is ${shown}: Express takes it for no address.`, cause);
  }
}

/** What it says in public is one word: the figures behind it are for operators. */
function readiness(gate: Gate): RequestHandler {
  return (_req, res) => {
    const { ready, draining } = gate.health();
    const status = ready ? "ready" : draining ? "draining" : "unready";
    res
      .status(ready ? 200 : 503)
      .set("cache-control", "no-store")
      .json({ status });
  };
}

/** Outside the gate Express would show a stack. */
function lastResort(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (res.headersSent) return next(error);
    const status = clientFault(error);
    if (status === 500) logger.error("a request failed", { error: error instanceof Error ? error.name : "unknown" });
    res.status(status).json({ error: status === 500 ? "Internal error" : "Bad request" });
  };
}

function clientFault(error: unknown): number {
  const { status } = (error ?? {}) as { readonly status?: unknown };
  return typeof status === "number" && status >= 400 && status < 500 ? status : 500;
}

import express, { type Express } from "express";
import helmet from "helmet";
import type { Server } from "node:http";
import { createOperatorLog, forward, llmGate, type Gate, type Upstream } from "express-llm-gate";
import { winstonSink } from "express-llm-gate/audit/winston";
import { sqliteStore } from "express-llm-gate/stores/sqlite";
import { echoUpstream } from "express-llm-gate/upstreams/echo";
import { httpUpstream } from "express-llm-gate/upstreams/http";

export interface GatewayOptions {
  /** The SQLite file, as `llm-gate init` made it. */
  readonly database: string;
  readonly port: number;
  /** Providers' keys; a provider without one is answered by the echo model. */
  readonly openaiKey?: string;
  readonly anthropicKey?: string;
  /** The operator's log, which gets a copy of the audit trail. Default: JSON lines on standard error. */
  readonly log?: ReturnType<typeof createOperatorLog>;
}

/** A complete gateway: keys, groups and filters from the store, two providers, health probes, a clean stop. */
export function startGateway(options: GatewayOptions): { readonly server: Server; stop(): Promise<void> } {
  const { log = createOperatorLog() } = options;
  const gate = llmGate({
    store: sqliteStore(options.database),
    audit: { sinks: [winstonSink(log)] },
    logger: log,
  });
  const server = gate.protectServer(createApp(gate, providers(options)).listen(options.port));
  return {
    server,
    async stop() {
      await gate.close(10_000);
      log.info("stopped");
    },
  };
}

function createApp(gate: Gate, upstreams: Readonly<Record<string, Upstream>>): Express {
  const app = express();
  app.use(helmet());
  app.get("/healthz", (_req, res) => void res.json({ status: "ok" }));
  app.get("/readyz", (_req, res) => void res.status(gate.health().ready ? 200 : 503).json(gate.health()));
  app.use(gate);
  app.use("/v1", forward({ upstreams, default: echoUpstream() }));
  return app;
}

function providers({ openaiKey, anthropicKey }: GatewayOptions): Readonly<Record<string, Upstream>> {
  return {
    ...(openaiKey && {
      openai: httpUpstream({ name: "openai", baseUrl: "https://api.openai.com/v1", apiKey: openaiKey }),
    }),
    ...(anthropicKey && {
      anthropic: httpUpstream({
        name: "anthropic",
        baseUrl: "https://api.anthropic.com",
        apiKey: anthropicKey,
        auth: "x-api-key",
      }),
    }),
  };
}

import express, { type Express } from "express";
import { forward, type Gate } from "express-llm-gate";
import { echoUpstream } from "express-llm-gate/upstreams/echo";

/** The gate was made with the detector: `llmGate({ store, dlp: { detectors: [ticketDetector] } })`. */
export function createApp(gate: Gate): Express {
  const app = express();
  app.use(gate);
  app.use("/v1", forward({ default: echoUpstream() }));
  return app;
}

import express, { type Express } from "express";
import { forward, type Detector, type Gate } from "express-llm-gate";
import { echoUpstream } from "express-llm-gate/upstreams/echo";

const TICKET = /\bTICKET-[0-9]{4,8}\b/g;

/**
 * Finds the ticket numbers of an imaginary help desk. A detector is pure and reports places, never texts; what happens
 * to a finding is for the policy to say: `dlp: { request: { TICKET_NUMBER: redact } }`.
 */
export const ticketDetector: Detector = {
  name: "tickets",
  entities: ["TICKET_NUMBER"],
  detect: (text) =>
    [...text.matchAll(TICKET)].map((match) => ({
      entity: "TICKET_NUMBER",
      rule: "TICKET_NUMBER",
      start: match.index,
      end: match.index + match[0].length,
      score: 1,
    })),
};

/** The gate was made with it: `llmGate({ store, dlp: { detectors: [ticketDetector] } })`. */
export function createApp(gate: Gate): Express {
  const app = express();
  app.use(gate);
  app.use("/v1", forward({ default: echoUpstream() }));
  return app;
}

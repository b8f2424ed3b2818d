import express, { type Express, type RequestHandler } from "express";
import { clearedCall, keepRawBody, requireGate, type Gate } from "express-llm-gate";

/** What was there before: routes of its own, and a JSON parser for all of them. */
function addOwnRoutes(app: Express): void {
  app.get("/health", (_req, res) => void res.json({ status: "ok" }));
  app.post("/orders", (req, res) => void res.status(201).json({ received: req.body as unknown }));
}

/** A handler of the host's own: by now the caller is known and the body is judged. */
const answerWithHaiku: RequestHandler = requireGate((req, res) => {
  const { principal, model } = clearedCall(req);
  res.json({
    id: "chatcmpl-haiku",
    object: "chat.completion",
    created: 0,
    model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: `An old silent pond, ${principal.user.email}.` },
        finish_reason: "stop",
      },
    ],
    usage: { prompt_tokens: 1, completion_tokens: 7, total_tokens: 8 },
  });
});

/** The gate goes first: it reads the bodies below /v1 itself, and `express.json()` sees all others. */
export function gateFirst(gate: Gate): Express {
  const app = express();
  app.use(gate);
  app.use(express.json());
  addOwnRoutes(app);
  app.post("/v1/chat/completions", answerWithHaiku);
  return app;
}

/** Where the parser cannot move behind the gate it has to keep the bytes. Weaker: its own 400 and 413 come before any key check. */
export function parserFirst(gate: Gate): Express {
  const app = express();
  app.use(express.json({ verify: keepRawBody }));
  app.use(gate);
  addOwnRoutes(app);
  app.post("/v1/chat/completions", answerWithHaiku);
  return app;
}

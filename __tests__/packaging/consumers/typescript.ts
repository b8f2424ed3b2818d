import express from "express";
import { clearedCall, llmGate, requireGate, type GateOptions } from "express-llm-gate";
import { sqliteStore } from "express-llm-gate/stores/sqlite";
import { httpUpstream } from "express-llm-gate/upstreams/http";

const options: GateOptions = { store: sqliteStore("gate.db"), limits: { bodyBytes: 1024 } };
const gate = llmGate(options);

const app = express();
app.use(gate);
app.post(
  "/v1/chat/completions",
  requireGate((req, res) => {
    const { principal, model, stream, bytes } = clearedCall(req);
    const email: string = principal.user.email;
    const length: number = bytes.length;
    const asked: string | null = model;
    res.json({ email, length, asked, stream });
  }),
);
gate.protectServer(app.listen(8787));

// @ts-expect-error type test: a misspelt option does not compile
llmGate({ store: sqliteStore("gate.db"), prefx: "/v1" });
// @ts-expect-error type test: neither does an unknown form of authentication
httpUpstream({ name: "openai", baseUrl: "https://api.openai.com", apiKey: "key", auth: "basic" });

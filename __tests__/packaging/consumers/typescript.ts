import express from "express";
import { clearedCall, forward, llmGate, requireGate, type GateOptions } from "express-llm-gate";
import { sqliteStore } from "express-llm-gate/stores/sqlite";
import { testGate, type TestGate } from "express-llm-gate/testing";
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
app.use(forward({ default: httpUpstream({ name: "openai", baseUrl: "https://api.openai.com/v1", apiKey: "key" }) }));
gate.protectServer(app.listen(8787));

export async function suite(): Promise<string> {
  const kit: TestGate = await testGate();
  return kit.mintKey("alice@example.com");
}

// @ts-expect-error type test: a misspelt option does not compile
llmGate({ store: sqliteStore("gate.db"), prefx: "/v1" });
// @ts-expect-error type test: neither does an unknown form of authentication
httpUpstream({ name: "openai", baseUrl: "https://api.openai.com", apiKey: "key", auth: "basic" });

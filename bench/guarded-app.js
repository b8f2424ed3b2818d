/** The app under load, alone in its process: `express`, `gate-memory` or `gate-sqlite`. Says its port and a key; answers "cpu"; ends when its parent leaves. */
const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");
const express = require("express");
const { memoryStore } = require("express-llm-gate/stores/memory");
const { sqliteStore } = require("express-llm-gate/stores/sqlite");
const { OPEN_POLICY, testGate } = require("express-llm-gate/testing");

const ANSWER = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "gpt-4o-mini",
  choices: [{ index: 0, message: { role: "assistant", content: "The fox was quick." }, finish_reason: "stop" }],
  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
};

const DLP = {
  request: { EMAIL_ADDRESS: "redact", CREDIT_CARD: "redact", PRIVATE_KEY: "block" },
  response: { CREDIT_CARD: "redact" },
  custom: [],
};

const folder = mkdtempSync(path.join(tmpdir(), "llm-gate-bench-"));
const STORES = { "gate-memory": memoryStore, "gate-sqlite": () => sqliteStore(path.join(folder, "gate.db")) };

main(process.argv[2]);

async function main(variant) {
  const app = express();
  const { key, guard } = await guardOf(STORES[variant]);
  app.use(guard);
  app.post("/v1/chat/completions", (_req, res) => res.json(ANSWER));
  const server = app.listen(0, "127.0.0.1", () => process.send({ port: server.address().port, key }));
  process.on("message", () => process.send({ micros: cpuMicros() }));
  process.on("disconnect", () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  });
}

async function guardOf(openStore) {
  if (openStore === undefined) return { key: "none", guard: express.json({ limit: "50mb" }) };
  const { gate, mintKey } = await testGate({ store: openStore(), policy: { ...OPEN_POLICY, dlp: DLP } });
  return { key: await mintKey(), guard: gate };
}

function cpuMicros() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

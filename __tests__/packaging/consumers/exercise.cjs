const assert = require("node:assert/strict");
const { once } = require("node:events");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

/** What every consumer runs, with the package as it imported it: the gate on SQLite, on a real socket, refusing. */
exports.exercise = async function exercise({ llmGate, clearedCall, requireGate, sqliteStore, echoUpstream, express }) {
  for (const imported of [llmGate, clearedCall, requireGate, sqliteStore, echoUpstream, express]) {
    assert.equal(typeof imported, "function");
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "llm-gate-consumer-"));
  const store = sqliteStore(path.join(folder, "gate.db"));
  const gate = llmGate({ store, pepper: "a pepper for a test, of thirty-two bytes or more" });
  const app = express();
  app.use(gate);
  app.post(
    "/v1/chat/completions",
    requireGate((req, res) => res.json({ user: clearedCall(req).principal.user.email })),
  );
  const server = app.listen(0);
  gate.protectServer(server);
  try {
    await once(server, "listening");
    const url = `http://127.0.0.1:${server.address().port}/v1/chat/completions`;
    const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
    assert.equal(response.status, 401);
    assert.equal(await response.text(), '{"error":"Unauthorized"}');
  } finally {
    server.close();
    server.closeAllConnections();
    await gate.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
};

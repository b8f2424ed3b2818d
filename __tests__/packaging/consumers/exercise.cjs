const assert = require("node:assert/strict");
const { once } = require("node:events");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

/**
 * What every consumer runs, with the package as it imported it: the gate on SQLite and a real socket, in front of a
 * handler of its own and of the echo upstream; a refusal, and an answer by each.
 */
exports.exercise = async function exercise(imported) {
  const { clearedCall, requireGate, forward, sqliteStore, echoUpstream, testGate, express } = imported;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "llm-gate-consumer-"));
  const { gate, mintKey, trail, close } = await testGate({ store: sqliteStore(path.join(folder, "gate.db")) });
  const app = express();
  app.use(gate);
  app.post(
    "/v1/chat/completions",
    requireGate((req, res) => res.json({ user: clearedCall(req).principal.user.email })),
  );
  app.use(forward({ default: echoUpstream() }));
  const server = gate.protectServer(app.listen(0));
  try {
    await once(server, "listening");
    const origin = `http://127.0.0.1:${server.address().port}`;
    const ask = (endpoint, headers, body) =>
      fetch(origin + endpoint, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify({ model: "gpt-4o-mini", ...body }),
      });
    const messages = [{ role: "user", content: "hello" }];
    const key = await mintKey();

    const refused = await ask("/v1/chat/completions", {}, { messages });
    assert.deepEqual([refused.status, await refused.text()], [401, '{"error":"Unauthorized"}']);

    const own = await ask("/v1/chat/completions", { authorization: `Bearer ${key}` }, { messages });
    assert.deepEqual([own.status, await own.text()], [200, '{"user":"alice@example.com"}']);

    const echoed = await ask("/v1/messages", { "x-api-key": key }, { messages, max_tokens: 64 });
    assert.equal(echoed.status, 200);
    assert.match(await echoed.text(), /hello/);

    const kinds = (await trail()).map(({ kind }) => kind).filter((kind) => kind !== "admin" && kind !== "checkpoint");
    assert.equal(kinds.join(" "), "refusal intent completion intent completion");
  } finally {
    server.close();
    server.closeAllConnections();
    await close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
};

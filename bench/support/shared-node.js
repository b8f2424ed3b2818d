/**
 * One gate on a PostgreSQL store that others share, alone in its process. Takes `{ url, node, notify, redis }` as JSON in
 * its first argument, says its port, and ends in order when its parent leaves.
 */
const express = require("express");
const { built } = require("./build");

const { llmGate } = built("adapters/index.js");
const { postgresStore } = built("adapters/stores/postgres.js");
const { redisBus } = built("adapters/buses/redis.js");

void main(JSON.parse(process.argv[2]));

async function main({ url, node, notify, redis }) {
  const store = postgresStore(url, { notify });
  const gate = llmGate({ store, audit: { node }, ...(redis && { bus: redisBus(redis) }) });
  await gate.ready();
  const app = express();
  app.use(gate);
  app.post("/v1/chat/completions", (_req, res) => {
    res.writeHead(200, { "content-type": "text/event-stream" });
    res.write(
      'data: {"id":"c-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o-mini","choices":[{"index":0,"delta":{"content":"…"},"finish_reason":null}]}\n\n',
    );
  });
  const server = gate.protectServer(app.listen(0, "127.0.0.1", () => process.send({ port: server.address().port })));
  process.on("disconnect", () => void gate.close(0).finally(() => process.exit(0)));
}

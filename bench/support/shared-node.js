/**
 * One gate on a PostgreSQL store that others share, alone in its process. Takes `{ url, node, notify, redis, aheadMs }` as
 * JSON in its first argument, says its port, and ends in order when its parent leaves. Streams stand still after their
 * first text; `aheadMs` is how wrong its clock is. Asked by a message, it says how often it asked the store.
 */
const express = require("express");
const { built } = require("./build");
const { countedStore } = require("./counted-store");
const { DIALECTS } = require("./dialects");

const { llmGate } = built("adapters/index.js");
const { postgresStore } = built("adapters/stores/postgres.js");
const { redisBus } = built("adapters/buses/redis.js");

void main(JSON.parse(process.argv[2]));

async function main({ url, node, notify, redis, aheadMs = 0 }) {
  const { store, counts } = countedStore(postgresStore(url, { notify }));
  const clock = { now: () => Date.now() + aheadMs, monotonic: () => performance.now() };
  const gate = llmGate({ store, clock, audit: { node }, ...(redis && { bus: redisBus(redis) }) });
  await gate.ready();
  const app = express();
  app.use(gate);
  for (const dialect of DIALECTS) app.post(`/v1${dialect.path}`, (_req, res) => beginStream(res, dialect));
  const server = gate.protectServer(app.listen(0, "127.0.0.1", () => process.send({ port: server.address().port })));
  process.on("message", () => process.send({ counts }));
  process.on("disconnect", () => void gate.close(0).finally(() => process.exit(0)));
}

function beginStream(res, dialect) {
  const events = dialect.events(["piece", "never sent"]);
  res.writeHead(200, { "content-type": "text/event-stream" });
  res.write(events.slice(0, events.findIndex((event) => event.includes("piece")) + 1).join(""));
}

/**
 * SIGKILL under load: `node bench/audit-kills.js [KILLS] [--connections 64] [--postgres URL]`, with the database in SQLite or
 * in a PostgreSQL database that should be a fresh one. Prints one line of JSON; exits 1 when an acknowledged call is not on
 * record, the provider saw a call without an intent, a call ended twice, the chain or the database is broken, or an open
 * call was not closed within five seconds of the restart.
 */
const { parseArgs } = require("node:util");
const { setTimeout: sleep } = require("node:timers/promises");
const { Agent, request } = require("undici");
const { DIALECTS } = require("./support/dialects");
const { examineTrail, isWhole } = require("./support/examine-trail");
const { startFakeProvider } = require("./support/fake-provider");
const { prepareGate, startSupervised } = require("./support/gate-process");
const { trailOf } = require("./support/trail-of");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { connections: { type: "string", default: "64" }, postgres: { type: "string" } },
});
const kills = Number(positionals[0] ?? 60);
const connections = Number(values.connections);

void main();

async function main() {
  const provider = await startFakeProvider({ pauseMs: 2 });
  const site = prepareGate(provider.url, { postgres: values.postgres });
  const acknowledged = [];
  let [slowest, failedStarts] = [0, 0];
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const started = performance.now();
      const gate = await startSupervised(site);
      failedStarts += gate.failedStarts;
      if (kill > 0) slowest = Math.max(slowest, await untilClosed(site, started));
      await loadUntilKilled(gate, site, `k${kill}`, acknowledged);
    }
    const started = performance.now();
    const last = await startSupervised(site);
    slowest = Math.max(slowest, await untilClosed(site, started));
    last.kill("SIGTERM");
    await last.ended;
    const found = await examineTrail(site, provider.seen, acknowledged);
    const result = { kills, failedStarts, ...found, closedWithinMs: Math.round(slowest) };
    console.log(JSON.stringify(result));
    process.exitCode = isGood(result) ? 0 : 1;
  } finally {
    provider.close();
    site.remove();
  }
}

/** Every connection sends call after call; when as many as there are connections were answered, and a moment later, the server is gone. */
async function loadUntilKilled(gate, { key }, round, acknowledged) {
  const dispatcher = new Agent({ connections });
  const latest = performance.now() + 5_000;
  let running = true;
  const worker = async (_, index) => {
    for (let turn = 0; running; turn += 1) {
      const dialect = DIALECTS[(index + turn) % DIALECTS.length];
      const stream = (index + turn) % 2 === 0;
      const mark = `${round}-${index}-${turn}`;
      await call({ gate, key, dispatcher, dialect, stream, mark }, acknowledged).catch(() => undefined);
    }
  };
  const workers = Array.from({ length: connections }, worker);
  const before = acknowledged.length;
  while (acknowledged.length < before + connections && performance.now() < latest) await sleep(5);
  await sleep(Math.random() * 200);
  gate.kill("SIGKILL");
  await gate.ended;
  running = false;
  await Promise.allSettled(workers);
  await dispatcher.destroy();
}

async function call({ gate, key, dispatcher, dialect, stream, mark }, acknowledged) {
  const { statusCode, headers, body } = await request(`${gate.url}/v1${dialect.path}`, {
    ...{ method: "POST", dispatcher },
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", "x-request-id": mark },
    body: JSON.stringify({ ...dialect.body(mark), stream }),
  });
  acknowledged.push({ requestId: headers["x-request-id"], mark, status: statusCode, stream });
  await body.text();
}

/** Milliseconds from `started` until no call of an earlier boot is open. */
async function untilClosed(site, started) {
  const trail = trailOf(site);
  while ((await trail.openCalls()) > 0 && performance.now() - started < 10_000) await sleep(20);
  return performance.now() - started;
}

function isGood({ acknowledged, notAnswered, closedWithinMs, ...trail }) {
  return isWhole(trail) && notAnswered === 0 && acknowledged > 0 && closedWithinMs <= 5_000;
}

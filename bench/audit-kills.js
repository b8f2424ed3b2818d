/**
 * SIGKILL under load: `node bench/audit-kills.js [KILLS] [--connections 64]`. Prints one line of JSON; exits 1 when an
 * acknowledged call is not on record, the provider saw a call without an intent, a call ended twice, the chain or the
 * database is broken, or an open call was not closed within five seconds of the restart.
 */
const { parseArgs } = require("node:util");
const { setTimeout: sleep } = require("node:timers/promises");
const { Agent, request } = require("undici");
const { built } = require("./support/build");
const { DIALECTS } = require("./support/dialects");
const { startFakeProvider } = require("./support/fake-provider");
const { prepareGate, startGate } = require("./support/gate-process");

const { openSqlite } = built("adapters/stores/sqlite-driver.js");
const { sqliteTrailSource } = built("adapters/audit/sqlite/trail-source.js");
const { readCheckpointFile } = built("adapters/audit/read-checkpoint-file.js");
const { verifyTrail } = built("lib/audit/verify-trail.js");
const { publicKeysIn } = built("lib/audit/checkpoint-key.js");
const { readFileSync } = require("node:fs");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { connections: { type: "string", default: "64" } },
});
const kills = Number(positionals[0] ?? 60);
const connections = Number(values.connections);

void main();

async function main() {
  const provider = await startFakeProvider({ pauseMs: 2 });
  const site = prepareGate(provider.url);
  const acknowledged = [];
  let slowest = 0;
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const started = performance.now();
      const gate = await startGate(site);
      if (kill > 0) slowest = Math.max(slowest, await untilClosed(site, started));
      await loadUntilKilled(gate, site, `k${kill}`, acknowledged);
    }
    const started = performance.now();
    const last = await startGate(site);
    slowest = Math.max(slowest, await untilClosed(site, started));
    last.kill("SIGTERM");
    await last.ended;
    const result = {
      kills,
      ...(await examine(site, provider.seen, acknowledged)),
      closedWithinMs: Math.round(slowest),
    };
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
async function untilClosed({ database }, started) {
  const connection = openSqlite(database, { readonly: true });
  const open = connection.prepare(`select count(*) as open from audit as i where kind = 'intent' and not exists
    (select 1 from audit as e where e.node = i.node and e.request_id = i.request_id and e.kind in ('completion', 'interrupted'))`);
  while (open.get().open > 0 && performance.now() - started < 10_000) await sleep(20);
  connection.close();
  return performance.now() - started;
}

async function examine({ database, copies }, seen, acknowledged) {
  const connection = openSqlite(database);
  const integrity = connection.pragma("integrity_check");
  const records = connection
    .prepare("select record from audit where node = 'gate-1' order by seq")
    .all()
    .map(({ record }) => JSON.parse(Buffer.from(record).toString()));
  connection.close();
  const of = (...kinds) => records.filter(({ kind }) => kinds.includes(kind));
  const intents = new Set(of("intent").map(({ requestId }) => requestId));
  const marks = new Set(of("intent").map(({ clientRequestId }) => clientRequestId));
  const endings = of("completion", "interrupted").map(({ requestId }) => requestId);
  const completed = new Set(of("completion").map(({ requestId }) => requestId));
  const answered = acknowledged.filter(({ status }) => status === 200);
  const source = sqliteTrailSource(database);
  const keys = publicKeysIn(readFileSync(`${database}.checkpoint.key`, "utf8"));
  const { status, checkpoints } = await verifyTrail(source, { keys, copies: readCheckpointFile(copies) });
  await source.close();
  return {
    acknowledged: answered.length,
    notAnswered: acknowledged.length - answered.length,
    missing: answered.filter(({ requestId, stream }) => !(stream ? intents : completed).has(requestId)).length,
    seen: seen.length,
    seenWithoutIntent: seen.filter((mark) => !marks.has(mark)).length,
    interrupted: of("interrupted").length,
    endedTwice: endings.length - new Set(endings).size,
    ...{ records: records.length, integrity, status, checkpointCopies: checkpoints.copied },
  };
}

function isGood({
  missing,
  seenWithoutIntent,
  endedTwice,
  integrity,
  status,
  acknowledged,
  notAnswered,
  closedWithinMs,
}) {
  const whole = missing === 0 && seenWithoutIntent === 0 && endedTwice === 0 && notAnswered === 0;
  return whole && integrity === "ok" && status === "clean" && acknowledged > 0 && closedWithinMs <= 5_000;
}

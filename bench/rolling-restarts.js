/**
 * Servers that are replaced one after the other under load: `node bench/rolling-restarts.js [RESTARTS] [--callers 16]
 * [--drain 2000]`. Two `llm-gate serve` share a database; each in turn gets a SIGTERM and a successor, while callers of all
 * dialects, streamed and not, call whichever is ready and go to the other when one will not take them. Prints one line of
 * JSON; exits 1 when a call that was sent before the SIGTERM was reset or broken, an intent stayed open, the ready probe
 * took more than 100 ms to turn, or a server took longer to end than its grace and two seconds.
 */
const { copyFileSync, readFileSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");
const { parseArgs } = require("node:util");
const { built } = require("./support/build");
const { startCallers } = require("./support/restart-callers");
const { startFakeProvider } = require("./support/fake-provider");
const { prepareGate, startGate } = require("./support/gate-process");

const { openSqlite } = built("adapters/stores/sqlite-driver.js");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { callers: { type: "string", default: "16" }, drain: { type: "string", default: "2000" } },
});
const restarts = Number(positionals[0] ?? 100);
const drainMs = Number(values.drain);
const PROBE_MS = 100;
const BEYOND_GRACE_MS = 2_000;
const LOAD_MS = 300;

void main();

async function main() {
  const provider = await startFakeProvider({ pieces: 5, pauseMs: 20 });
  const site = prepareGate(provider.url);
  const files = gateFiles(site);
  const nodes = await Promise.all(files.map(async (gateFile) => ({ gateFile, ...(await serving(gateFile)) })));
  const callers = startCallers(nodes, { key: site.key, count: Number(values.callers) });
  const ends = [];
  try {
    for (let restart = 0; restart < restarts; restart += 1) {
      await sleep(LOAD_MS);
      ends.push(await replace(nodes[restart % nodes.length]));
    }
    const calls = await callers.stop();
    for (const { gate } of nodes) gate.kill("SIGTERM");
    await Promise.all(nodes.map(({ gate }) => gate.ended));
    report(calls, ends, leftOpen(site));
  } finally {
    for (const { gate } of nodes) gate.kill("SIGKILL");
    provider.close();
    site.remove();
  }
}

/** Two nodes with a chain each, on one database. */
function gateFiles({ folder, gateFile }) {
  const text = readFileSync(gateFile, "utf8").replace("drainMs: 1000", `drainMs: ${drainMs}`);
  return ["gate-1", "gate-2"].map((node) => {
    const file = path.join(folder, `${node}.yaml`);
    copyFileSync(gateFile, file);
    writeFileSync(file, text.replaceAll("gate-1", node).replace("./checkpoints", `./${node}-checkpoints`));
    return file;
  });
}

async function serving(gateFile) {
  return { gate: await startGate({ gateFile }), endingSince: null, ready: true };
}

/** SIGTERM, the end of the old process, and its successor; how long the probe and the end took. */
async function replace(node) {
  const { gate } = node;
  const signalled = performance.now();
  gate.kill("SIGTERM");
  node.endingSince = signalled;
  const probing = untilNotReady(gate.url, signalled).finally(() => (node.ready = false));
  const code = await gate.ended;
  const endedMs = performance.now() - signalled;
  const probeMs = await probing;
  Object.assign(node, await serving(node.gateFile));
  return { code, endedMs, probeMs };
}

async function untilNotReady(url, since) {
  for (;;) {
    const asked = performance.now();
    const ready = await fetch(`${url}/readyz`).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (!ready) return asked - since;
  }
}

/** Intents without an ending, and those that a later start had to close. */
function leftOpen({ database }) {
  const connection = openSqlite(database, { readonly: true });
  const row = connection
    .prepare(
      `select count(*) filter (where kind = 'interrupted') as interrupted,
       count(*) filter (where kind = 'intent' and not exists (select 1 from audit as e where e.node = audit.node
         and e.request_id = audit.request_id and e.kind in ('completion', 'interrupted'))) as open from audit`,
    )
    .get();
  connection.close();
  return { open: Number(row.open), interrupted: Number(row.interrupted) };
}

function report(calls, ends, { open, interrupted }) {
  const most = (member) => Math.round(Math.max(...ends.map((end) => end[member])));
  const result = {
    ...{ restarts: ends.length, ...calls, openIntents: open, interrupted },
    ...{ probeMaxMs: most("probeMs"), endMaxMs: most("endedMs"), graceMs: drainMs },
    badExits: ends.filter(({ code }) => code !== 0).length,
  };
  console.log(JSON.stringify(result));
  const { broken, badExits, probeMaxMs, endMaxMs } = result;
  const inTime = probeMaxMs <= PROBE_MS && endMaxMs <= drainMs + BEYOND_GRACE_MS;
  if (broken + open + interrupted + badExits > 0 || !inTime) process.exitCode = 1;
}

/**
 * Outages of a PostgreSQL trail that a gate with a spool outlives, and is killed in: `node bench/spool-outages.js
 * [--outages 100] [--callers 8]`. In each the database of our own is stopped, killed or frozen in turn, calls of all dialects,
 * streamed and not, go on, the gate gets a SIGKILL meanwhile, the database comes back, and the gate is started again. Prints
 * one line of JSON; exits 1 when a call was refused, an answered one is not on record, one is there twice or out of order,
 * the trail does not verify, or the spool was not brought to it within five seconds of the restart.
 */
const { mkdtempSync, readFileSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");
const { parseArgs } = require("node:util");
const { callsOutOfOrder } = require("./support/call-order");
const { examineTrail, isWhole } = require("./support/examine-trail");
const { startFakeProvider } = require("./support/fake-provider");
const { prepareGate, startSupervised } = require("./support/gate-process");
const { keepCalling } = require("./support/keep-calling");
const { startPostgres } = require("./support/own-postgres");
const { trailOf } = require("./support/trail-of");

const { values } = parseArgs({
  options: { outages: { type: "string", default: "100" }, callers: { type: "string", default: "8" } },
});
const outages = Number(values.outages);
const callers = Number(values.callers);
/** Each outage lets so many calls be answered, before it and in it. */
const CALLS = 2 * callers;
const HEALED_MS = 5_000;

/** How the database goes away, and comes back. */
const WAYS = {
  stopped: { away: (database) => database.end(), back: (database) => database.revive() },
  killed: { away: (database) => database.kill(), back: (database) => database.revive() },
  frozen: { away: (database) => database.freeze(), back: (database) => database.thaw() },
};

void main();

async function main() {
  const folder = mkdtempSync(path.join(tmpdir(), "llm-gate-spool-"));
  const database = await startPostgres(folder);
  const provider = await startFakeProvider({ pauseMs: 2 });
  const site = prepareGate(provider.url, { postgres: database.url, audit: ", spool: { path: ./gate.spool }" });
  const scene = {
    database,
    site,
    calls: [],
    counts: { failedStarts: 0, kept: 0, healedWithinMs: 0 },
    gate: await startQuietly(site),
  };
  try {
    for (let outage = 0; outage < outages; outage += 1) await oneOutage(scene, outage);
    scene.gate.kill("SIGTERM");
    await scene.gate.ended;
    await report(scene, provider.seen);
  } finally {
    scene.gate.kill("SIGKILL");
    await scene.gate.ended;
    provider.close();
    await database.end();
    site.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** That its database is away is nothing to read about here. */
function startQuietly(site) {
  return startSupervised({ ...site, log: "ignore" });
}

async function oneOutage(scene, outage) {
  const { database, site, gate, calls, counts } = scene;
  const { away, back } = Object.values(WAYS)[outage % 3];
  const calling = keepCalling({ url: gate.url, key: site.key, callers, round: `o${outage}` });
  await calling.untilAnswered(CALLS);
  await away(database);
  const before = calling.answered();
  await calling.untilAnswered(CALLS);
  await sleep(Math.random() * 200);
  counts.kept += calling.answered() - before;
  gate.kill("SIGKILL");
  await gate.ended;
  calls.push(...(await calling.stop()));
  await back(database);
  const started = performance.now();
  scene.gate = await startQuietly(site);
  counts.failedStarts += scene.gate.failedStarts;
  await untilShipped(site, started);
  counts.healedWithinMs = Math.max(counts.healedWithinMs, Math.round(performance.now() - started));
}

/** Only its first line is left, and nothing of before is open. */
async function untilShipped({ folder, ...site }, started) {
  const isLeft = () => readFileSync(path.join(folder, "gate.spool"), "utf8").split("\n").length > 2;
  const trail = trailOf(site);
  while ((isLeft() || (await trail.openCalls()) > 0) && performance.now() - started < 30_000) await sleep(20);
}

async function report({ site, calls, counts }, seen) {
  const found = await examineTrail(site, seen, calls);
  const outOfOrder = callsOutOfOrder(await trailOf(site).records(), calls);
  const result = { outages, ...counts, ...found, outOfOrder };
  console.log(JSON.stringify(result));
  const inTime = counts.healedWithinMs <= HEALED_MS;
  const whole = isWhole(found) && found.notAnswered === 0 && outOfOrder === 0;
  process.exitCode = whole && inTime && counts.kept >= outages * CALLS ? 0 : 1;
}

/**
 * A running server whose database is locked, whose disk is full, becomes read-only or fails at every write:
 * `node bench/audit-outages.js [ROUNDS] [--only NAME] [--quick]`. Prints one line of JSON; exits 1 when a call that could not be recorded was
 * not 503 in its dialect within a second, or reached the provider, when the server did not take calls again within five
 * seconds, or took them with a key that was revoked after the last outage, or when an answered call is missing from the trail,
 * or the trail does not verify.
 *
 * `failing` is an ext4 file system whose device answers writes with EIO; afterwards what had reached the device by then, as
 * if the power were cut, is held to the answered calls too. `readOnly` is one that ext4 makes read-only after an error:
 * Linux never lets such a one be written again, so that it ends by having the repaired file system put in its place.
 * `immutable` and `limited` are likenesses of these two that need no loop device; `--quick` leaves out those whose original is there. What cannot be done here is skipped, and said so.
 */
const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");
const { parseArgs } = require("node:util");
const { setTimeout: sleep } = require("node:timers/promises");
const { DIALECTS } = require("./support/dialects");
const { DISK_OUTAGES } = require("./support/disk-outages");
const { examineTrail, isWhole } = require("./support/examine-trail");
const { startFakeProvider } = require("./support/fake-provider");
const { prepareGate, startGate } = require("./support/gate-process");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string" }, quick: { type: "boolean" } },
});
const rounds = Number(positionals[0] ?? 5);
let made = 0;

void main();

async function main() {
  const result = { rounds };
  for (const [name, outage] of Object.entries(DISK_OUTAGES)) {
    if (values.only !== undefined && values.only !== name) continue;
    const lacking = outage.lacks?.() || spared(outage);
    result[name] = lacking === null ? await withServer(outage) : `skipped: ${lacking}`;
  }
  console.log(JSON.stringify(result));
  const judged = Object.values(result).filter((outage) => typeof outage === "object");
  process.exitCode = judged.every(isGood) ? 0 : 1;
}

/** Null, or why the outage need not happen. */
function spared({ likeness }) {
  if (likeness === undefined || !values.quick || DISK_OUTAGES[likeness].lacks()) return null;
  return `${likeness} is the original`;
}

async function withServer(outage) {
  const provider = await startFakeProvider();
  const disk = outage.disk?.();
  const site = prepareGate(provider.url, { disk });
  const gate = await startGate(site);
  const counts = { refused: 0, odd: 0, slowestMs: 0, leaked: 0, healedMs: 0 };
  const scene = { gate, site, disk, provider, counts, answered: [] };
  try {
    await untilTaken(scene);
    for (let round = 0; round < rounds; round += 1) await oneOutage(scene, outage);
    const powerCut = disk?.failWrites === undefined ? {} : { powerCut: await afterPowerCut(scene) };
    const revokedMs = await untilRevoked(scene);
    gate.kill("SIGTERM");
    await gate.ended;
    return { ...counts, revokedMs, ...(await examined(scene, site)), ...powerCut };
  } finally {
    gate.kill("SIGKILL");
    await gate.ended;
    provider.close();
    site.remove();
  }
}

async function oneOutage(scene, { begin }) {
  const end = begin(scene);
  try {
    await untilRefused(scene);
  } finally {
    end();
  }
  scene.counts.healedMs = Math.max(scene.counts.healedMs, await untilTaken(scene));
}

/** Calls of all dialects at once, until four times in a row all were refused; what was recorded before the room ran out may go on. */
async function untilRefused(scene) {
  const { provider, counts } = scene;
  for (let refused = 0, turn = 0; refused < 4 && turn < 10_000; turn += 1) {
    const calls = await Promise.all(DIALECTS.map((dialect) => call(scene, dialect)));
    refused = calls.every(({ status }) => status === 503) ? refused + 1 : 0;
    for (const { status, mark, ms, inDialect } of calls) {
      if (status === 200) continue;
      if (status !== 503 || !inDialect) counts.odd += 1;
      counts.refused += 1;
      counts.slowestMs = Math.max(counts.slowestMs, ms);
      if (provider.seen.includes(mark)) counts.leaked += 1;
    }
  }
}

async function call({ gate, site, answered }, dialect) {
  const mark = `call-${(made += 1)}`;
  const started = performance.now();
  const response = await fetch(`${gate.url}/v1${dialect.path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${site.key}`, "content-type": "application/json", "x-request-id": mark },
    body: JSON.stringify(dialect.body(mark)),
  });
  const { status } = response;
  const body = await response.text();
  const ms = Math.round(performance.now() - started);
  if (status === 200) answered.push({ requestId: response.headers.get("x-request-id"), mark, status, stream: false });
  return { status, mark, ms, inDialect: status !== 503 || dialect.isRefusal(JSON.parse(body)) };
}

/** Milliseconds until a call of each dialect is answered. */
async function untilTaken(scene) {
  const started = performance.now();
  for (const dialect of DIALECTS) {
    while ((await call(scene, dialect)).status !== 200 && performance.now() - started < 20_000) await sleep(20);
  }
  return Math.round(performance.now() - started);
}

/** Milliseconds until the server knows what another process wrote to the database that is there now. */
async function untilRevoked(scene) {
  scene.site.revokeKey();
  const started = performance.now();
  while ((await call(scene, DIALECTS[0])).status !== 401 && performance.now() - started < 20_000) await sleep(20);
  return Math.round(performance.now() - started);
}

async function afterPowerCut(scene) {
  const folder = mkdtempSync(path.join(tmpdir(), "llm-gate-power-cut-"));
  scene.disk.copyTo(folder);
  const inCopy = (file) => path.join(folder, path.basename(file));
  const { database, copies, checkpointKey } = scene.site;
  try {
    const files = { database: inCopy(database), copies: inCopy(copies), checkpointKey: inCopy(checkpointKey) };
    return await examined(scene, files);
  } finally {
    scene.disk.leave(folder);
    rmSync(folder, { recursive: true });
  }
}

async function examined({ provider, answered }, site) {
  const found = await examineTrail(site, provider.seen, answered);
  const { acknowledged, missing, seenWithoutIntent, begunTwice, endedTwice, integrity, status } = found;
  return { acknowledged, missing, seenWithoutIntent, begunTwice, endedTwice, integrity, status };
}

function isGood({ refused, odd, slowestMs, leaked, healedMs, revokedMs, powerCut, ...trail }) {
  const inTime = slowestMs <= 1_000 && healedMs <= 5_000 && revokedMs <= 5_000;
  return refused >= 12 * rounds && odd === 0 && leaked === 0 && inTime && [trail, powerCut ?? trail].every(isWhole);
}

/**
 * A running server whose database is locked, whose disk is full, takes no writes any more, or fails at every write:
 * `node bench/audit-outages.js [ROUNDS]`. Prints one line of JSON; exits 1 when a call that could not be recorded was not
 * 503 within a second, or reached the provider, or the server did not take calls again within five seconds.
 *
 * The full disk needs the right to mount a small tmpfs, the read-only one that to make files immutable (a file system
 * with open files cannot be remounted read-only; writes to such files fail alike), the failing one `prlimit`: with a limit
 * of no bytes on files every write of the process fails, which SQLite takes for an I/O error. What cannot be done here is
 * skipped, and said so.
 */
const { execFileSync, spawnSync } = require("node:child_process");
const { closeSync, openSync, rmSync, writeSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");
const { built } = require("./support/build");
const { DIALECTS } = require("./support/dialects");
const { startFakeProvider } = require("./support/fake-provider");
const { prepareGate, startGate } = require("./support/gate-process");

const { openSqlite } = built("adapters/stores/sqlite-driver.js");
const rounds = Number(process.argv[2] ?? 5);
let made = 0;

void main();

async function main() {
  const locked = await withServer({}, (site) => ({ begin: () => lockOf(site.database) }));
  const mounted = canMount();
  const full = mounted ? await withServer({ mount: "6m" }, (site) => ({ begin: () => fillerOf(site.folder) })) : null;
  const readOnly = canFreeze() ? await withServer({}, (site) => ({ begin: () => frozen(site) })) : null;
  const failing = canLimit() ? await withServer({}, (_site, gate) => ({ begin: () => limited(gate.pid) })) : null;
  const result = {
    ...{ rounds, locked },
    full: full ?? "skipped: a tmpfs cannot be mounted here",
    readOnly: readOnly ?? "skipped: files cannot be made immutable here",
    failing: failing ?? "skipped: there is no prlimit here",
  };
  console.log(JSON.stringify(result));
  process.exitCode = [locked, full, readOnly, failing].every((outage) => outage === null || isGood(outage)) ? 0 : 1;
}

async function withServer({ mount }, outageOf) {
  const provider = await startFakeProvider();
  const site = prepareGate(provider.url, { mount });
  const gate = await startGate(site);
  const counts = { refused: 0, odd: 0, slowestMs: 0, leaked: 0, healedMs: 0 };
  try {
    await untilTaken(gate, site);
    for (let round = 0; round < rounds; round += 1) {
      await outage({ gate, site, provider, counts }, outageOf(site, gate));
    }
    return counts;
  } finally {
    gate.kill("SIGTERM");
    await gate.ended;
    provider.close();
    site.remove();
  }
}

async function outage({ gate, site, provider, counts }, { begin }) {
  const end = await begin();
  try {
    await untilRefused({ gate, site, provider, counts });
  } finally {
    end();
  }
  counts.healedMs = Math.max(counts.healedMs, await untilTaken(gate, site));
}

/** Calls of all dialects at once, until four times in a row all were refused; what was recorded before the room ran out may go on. */
async function untilRefused({ gate, site, provider, counts }) {
  for (let refused = 0, turn = 0; refused < 4 && turn < 10_000; turn += 1) {
    const calls = await Promise.all(DIALECTS.map((dialect) => timedCall(gate, site, dialect)));
    refused = calls.every(({ status }) => status === 503) ? refused + 1 : 0;
    for (const { status, mark, ms } of calls) {
      if (status !== 200 && status !== 503) counts.odd += 1;
      if (status !== 503) continue;
      counts.refused += 1;
      counts.slowestMs = Math.max(counts.slowestMs, ms);
      if (provider.seen.includes(mark)) counts.leaked += 1;
    }
  }
}

async function timedCall(gate, site, dialect) {
  const mark = `call-${(made += 1)}`;
  const started = performance.now();
  const status = await call(gate, site, dialect, mark);
  return { status, mark, ms: Math.round(performance.now() - started) };
}

async function call({ url }, { key }, dialect, mark) {
  const response = await fetch(`${url}/v1${dialect.path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(dialect.body(mark)),
  });
  await response.text();
  return response.status;
}

/** Milliseconds until a call of each dialect is answered. */
async function untilTaken(gate, site) {
  const started = performance.now();
  for (const dialect of DIALECTS) {
    while ((await call(gate, site, dialect, "healed?")) !== 200 && performance.now() - started < 20_000)
      await sleep(20);
  }
  return Math.round(performance.now() - started);
}

/** The first refusals wait for the lock, so that they are the slow ones. */
function lockOf(database) {
  const connection = openSqlite(database);
  connection.exec("begin exclusive");
  return () => {
    connection.exec("rollback");
    connection.close();
  };
}

function fillerOf(folder) {
  const file = path.join(folder, "filler");
  const descriptor = openSync(file, "w");
  const block = Buffer.alloc(4_096);
  try {
    for (;;) writeSync(descriptor, block);
  } catch (error) {
    if (error.code !== "ENOSPC") throw error;
  }
  closeSync(descriptor);
  return () => rmSync(file);
}

/**
 * As a disk that the system has made read-only: open files, and new ones, take no writes. Not the file that SQLite maps into
 * memory: a write to a mapped page of an immutable file ends the process, as no read-only disk does.
 */
function frozen({ folder, database }) {
  const files = [folder, database, `${database}-wal`];
  execFileSync("chattr", ["+i", ...files]);
  return () => execFileSync("chattr", ["-i", ...files]);
}

/** As a disk that fails. */
function limited(pid) {
  const limit = (bytes) => execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:unlimited`]);
  limit(0);
  return () => limit("unlimited");
}

function canFreeze() {
  const file = path.join(tmpdir(), `llm-gate-immutable-${process.pid}`);
  const descriptor = openSync(file, "w");
  try {
    execFileSync("chattr", ["+i", file], { stdio: "ignore" });
    writeSync(descriptor, "x");
    return false;
  } catch (error) {
    return error.code === "EPERM";
  } finally {
    closeSync(descriptor);
    spawnSync("chattr", ["-i", file], { stdio: "ignore" });
    rmSync(file);
  }
}

function canLimit() {
  return spawnSync("prlimit", ["--version"]).status === 0;
}

function canMount() {
  try {
    execFileSync("unshare", ["--mount", "true"], { stdio: "ignore" });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}

function isGood({ refused, odd, slowestMs, leaked, healedMs }) {
  return refused >= 12 * rounds && odd === 0 && leaked === 0 && slowestMs <= 1_000 && healedMs <= 5_000;
}

/**
 * Durable calls a second, two records each, and what a call waits for its first record: with callers that come again as
 * soon as they are answered (the trail saturated), and with calls that come at random times at half and at four fifths of
 * that rate. In one run with what bounds them: a winston file log that promises nothing, and the disk's own syncs. Only
 * the ratios carry over to other machines. `node bench/audit-throughput.js [--seconds 5] [--connections 64] [--seed 1]`
 */
const { randomBytes } = require("node:crypto");
const { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");
const { setImmediate: nextTurn } = require("node:timers/promises");
const { parseArgs } = require("node:util");
const winston = require("winston");
const { numbers } = require("./random-text");
const { built } = require("./support/build");

const { sqliteAuditLog } = built("adapters/audit/sqlite.js");
const { sqliteStore } = built("adapters/stores/sqlite.js");
const { auditEvent } = built("lib/audit/record.js");
const { requestId } = built("lib/http/request-id.js");

const option = (value) => ({ type: "string", default: value });
const { values } = parseArgs({ options: { seconds: option("5"), connections: option("64"), seed: option("1") } });
const seconds = Number(values.seconds);
const connections = Number(values.connections);
const DIGEST = "ab".repeat(32);
const folder = mkdtempSync(path.join(tmpdir(), "llm-gate-throughput-"));

void main();

async function main() {
  try {
    console.log(`two records a call, ${seconds} s each, Node ${process.version}`);
    console.log("                                          calls/s   first record p50 ms   p99 ms");
    await ofTrail();
    await ofWinston();
    console.log(`the disk alone: ${syncRate().toFixed(0)} syncs a second of one page each`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ofTrail() {
  const file = path.join(folder, "gate.db");
  const store = sqliteStore(file);
  await store.open();
  const log = sqliteAuditLog(file, { node: "gate-1", boot: "bench" });
  const write = (event) => log.append([event]);
  const most = await saturated(write);
  print(`trail in SQLite, durable: ${connections} callers`, most);
  for (const share of [0.5, 0.8]) {
    const measured = await offered(write, most.perSecond * share);
    print(`  offered ${share * 100} % of that, at random times`, measured);
  }
  await log.close();
  await store.close();
}

async function ofWinston() {
  const transport = new winston.transports.File({ filename: path.join(folder, "calls.log"), maxsize: 2 ** 31 });
  const logger = winston.createLogger({ transports: [transport], format: winston.format.json() });
  const measured = await saturated(
    (event) => new Promise((resolve) => void logger.write({ level: "info", message: "call", ...event }, resolve)),
  );
  logger.close();
  print(`winston file log, not durable: ${connections} callers`, measured);
}

/** Every caller: the intent, then the completion, then the next call. */
async function saturated(write) {
  const waits = [];
  const began = performance.now();
  const end = began + seconds * 1_000;
  const caller = async () => {
    while (performance.now() < end) await call(write, performance.now(), waits);
  };
  await Promise.all(Array.from({ length: connections }, caller));
  return summary(waits, began);
}

/** Calls come whether the ones before are answered or not; what a call waits counts from when it should have come. */
async function offered(write, perSecond) {
  const random = numbers(Number(values.seed));
  const waits = [];
  const open = [];
  const began = performance.now();
  const end = began + seconds * 1_000;
  for (let due = began; due < end; due += (-Math.log(1 - random()) / perSecond) * 1_000) {
    while (performance.now() < due) await nextTurn();
    open.push(call(write, due, waits));
  }
  await Promise.all(open);
  return summary(waits, began);
}

async function call(write, started, waits) {
  const id = requestId(Date.now(), randomBytes);
  await write(eventOf("intent", id));
  waits.push(performance.now() - started);
  await write(eventOf("completion", id));
}

function summary(waits, began) {
  const elapsed = (performance.now() - began) / 1_000;
  waits.sort((a, b) => a - b);
  const quantile = (share) => waits[Math.floor((waits.length - 1) * share)];
  return { perSecond: waits.length / elapsed, p50: quantile(0.5), p99: quantile(0.99) };
}

function eventOf(kind, id) {
  return auditEvent(kind, Date.now(), {
    ...{ requestId: id, protocol: "chat", operation: "chat.create", method: "POST", path: "/v1/chat/completions" },
    ...{ organization: "acme", user: "alice@acme.test", keyId: "Ab3dE6gH9j", credential: "bearer", decision: "allow" },
    ...{ model: "gpt-4o-mini", upstream: "openai", epoch: 12, source: "10.0.0.1", userAgent: "OpenAI/JS 6.49.0" },
    ...{ bytesIn: 1_234, digestIn: DIGEST, digestOut: DIGEST, stream: false },
  });
}

function syncRate() {
  const descriptor = openSync(path.join(folder, "page"), "w");
  const page = Buffer.alloc(4_096, 1);
  const end = performance.now() + Math.min(seconds, 2) * 1_000;
  const began = performance.now();
  let syncs = 0;
  for (; performance.now() < end; syncs += 1) {
    writeSync(descriptor, page);
    fdatasyncSync(descriptor);
  }
  closeSync(descriptor);
  return syncs / ((performance.now() - began) / 1_000);
}

function print(name, { perSecond, p50, p99 }) {
  console.log(
    `${name.padEnd(42)}${perSecond.toFixed(0).padStart(7)}${p50.toFixed(2).padStart(22)}${p99.toFixed(2).padStart(9)}`,
  );
}

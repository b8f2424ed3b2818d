/**
 * Durable calls a second, two records each, in one run with what bounds them: a winston file log that promises nothing,
 * and the disk's own syncs. Only the ratios carry over to other machines. `node bench/audit-throughput.js [--seconds 5] [--connections 64]`
 */
const { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");
const { parseArgs } = require("node:util");
const winston = require("winston");
const { built } = require("./support/build");

const { sqliteAuditLog } = built("adapters/audit/sqlite.js");
const { sqliteStore } = built("adapters/stores/sqlite.js");
const { auditEvent } = built("lib/audit/record.js");

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "5" }, connections: { type: "string", default: "64" } },
});
const seconds = Number(values.seconds);
const connections = Number(values.connections);
const folder = mkdtempSync(path.join(tmpdir(), "llm-gate-throughput-"));

void main();

async function main() {
  try {
    const trail = await ofTrail();
    const log = await ofWinston();
    console.log(`${connections} callers, two records a call, ${seconds} s each, Node ${process.version}`);
    console.log("                              calls/s   first record p50 ms   p99 ms");
    print("trail in SQLite, durable", trail);
    print("winston file log, not durable", log);
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
  const measured = await drive((event) => log.append([event]));
  await log.close();
  await store.close();
  return measured;
}

async function ofWinston() {
  const transport = new winston.transports.File({ filename: path.join(folder, "calls.log"), maxsize: 2 ** 31 });
  const logger = winston.createLogger({ transports: [transport], format: winston.format.json() });
  const measured = await drive(
    (event) => new Promise((resolve) => void logger.write({ level: "info", message: "call", ...event }, resolve)),
  );
  logger.close();
  return measured;
}

/** Every caller: the intent, then the completion, then the next call. */
async function drive(write) {
  const latencies = [];
  const end = performance.now() + seconds * 1_000;
  let made = 0;
  const caller = async () => {
    while (performance.now() < end) {
      const requestId = `call-${(made += 1)}`;
      const started = performance.now();
      await write(eventOf("intent", requestId));
      latencies.push(performance.now() - started);
      await write(eventOf("completion", requestId));
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, caller));
  const elapsed = (performance.now() - began) / 1_000;
  latencies.sort((a, b) => a - b);
  const quantile = (share) => latencies[Math.floor((latencies.length - 1) * share)];
  return { perSecond: latencies.length / elapsed, p50: quantile(0.5), p99: quantile(0.99) };
}

function eventOf(kind, requestId) {
  return auditEvent(kind, Date.now(), {
    ...{ requestId, protocol: "chat", operation: "chat.create", method: "POST", path: "/v1/chat/completions" },
    ...{ organization: "acme", user: "alice@acme.test", keyId: "Ab3dE6gH9j", credential: "bearer", decision: "allow" },
    ...{ model: "gpt-4o-mini", upstream: "openai", epoch: 12, source: "10.0.0.1", userAgent: "OpenAI/JS 6.49.0" },
    ...{ bytesIn: 1_234, digestIn: "ab".repeat(32), digestOut: "ab".repeat(32), stream: false },
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
    `${name.padEnd(30)}${perSecond.toFixed(0).padStart(7)}${p50.toFixed(2).padStart(22)}${p99.toFixed(2).padStart(9)}`,
  );
}

/**
 * Speed and memory of verification: `node bench/audit-verify.js [RECORDS]`. Makes a trail in SQLite, then runs
 * `llm-gate audit verify` on it in a process of its own. Prints one line of JSON.
 */
const { fork, spawnSync } = require("node:child_process");
const { once } = require("node:events");
const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");
const { built, COMMAND } = require("./support/build");

const records = Number(process.argv[2] ?? 1_000_000);

void (process.send ? verify(process.argv[3]) : main());

async function main() {
  const folder = mkdtempSync(path.join(tmpdir(), "llm-gate-verify-"));
  const database = path.join(folder, "gate.db");
  try {
    await makeTrail(database);
    const child = fork(__filename, [String(records), database], { execArgv: [] });
    const [{ ms, peakMb, status }] = await once(child, "message");
    const command = spawnSync(process.execPath, [
      COMMAND,
      "audit",
      "verify",
      "--json",
      "--store",
      `sqlite:${database}`,
    ]);
    const perSecond = Math.round((records / ms) * 1_000);
    console.log(JSON.stringify({ records, status, ms, perSecond, peakMb, command: command.status }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Alone in its process, so that its peak is its own. */
async function verify(database) {
  const { sqliteTrailSource } = built("adapters/audit/sqlite/trail-source.js");
  const { verifyTrail } = built("lib/audit/verify-trail.js");
  const source = sqliteTrailSource(database);
  const started = performance.now();
  const { status } = await verifyTrail(source, { keys: new Map() });
  const ms = Math.round(performance.now() - started);
  await source.close();
  process.send({ ms, status, peakMb: Math.round(process.resourceUsage().maxRSS / 1_024) });
  process.disconnect();
}

async function makeTrail(database) {
  const { createChainWriter } = built("adapters/audit/sqlite/chain-writer.js");
  const { sqliteStore } = built("adapters/stores/sqlite.js");
  const store = sqliteStore(database);
  await store.open();
  await store.close();
  const { packEvent } = built("adapters/audit/sqlite/packed-event.js");
  const who = { node: "gate-1", boot: "019b7c5e-0000-7000-8000-000000000001" };
  const writer = createChainWriter({ path: database, ...who });
  for (let made = 0; made < records; made += 2_000)
    writer.write(calls(made, Math.min(2_000, records - made)).map((event) => packEvent(who, event)));
  writer.close();
}

function calls(first, count) {
  const { auditEvent } = built("lib/audit/record.js");
  return Array.from({ length: count }, (_, index) => {
    const call = (first + index) >> 1;
    return auditEvent(index % 2 ? "completion" : "intent", Date.now(), {
      ...{ requestId: `019b7c5e-0000-7000-8000-${String(call).padStart(12, "0")}`, protocol: "chat", method: "POST" },
      ...{ operation: "chat.create", path: "/v1/chat/completions", organization: "acme", user: "alice@acme.test" },
      ...{ keyId: "Ab3dE6gH9j", credential: "bearer", decision: "allow", model: "gpt-4o-mini", upstream: "openai" },
      ...{ epoch: 12, source: "10.0.0.1", userAgent: "OpenAI/JS 6.49.0", bytesIn: 1_234, digestIn: "ab".repeat(32) },
      ...(index % 2 && { status: 200, outcome: "ok", inputTokens: 100, outputTokens: 20, durationMs: 321 }),
    });
  });
}

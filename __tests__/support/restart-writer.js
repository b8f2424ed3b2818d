/** Ends the writer's thread while it appends to the trail of argv[2], and prints what became of the appends. */
const path = require("node:path");
const { setImmediate: nextTurn } = require("node:timers/promises");
const build = path.join(__dirname, "../..", process.env.LLM_GATE_BUILD ?? "dist");
const { sqliteAuditLog } = require(path.join(build, "adapters/audit/sqlite.js"));
const { auditEvent } = require(path.join(build, "lib/audit/record.js"));

const threads = [];
process.on("worker", (thread) => threads.push(thread));

const log = sqliteAuditLog(process.argv[2], { node: "gate-1", boot: "b" });
const append = (requestId) =>
  log.append([auditEvent("refusal", Date.now(), { requestId })]).then(
    () => "durable",
    (error) => error.name,
  );

async function run() {
  const before = await append("before");
  const inFlight = append("in-flight");
  await nextTurn();
  await threads[0].terminate();
  const answers = { before, inFlight: await inFlight, after: await append("after"), threads: threads.length };
  process.stdout.write(JSON.stringify(answers));
}

void run();

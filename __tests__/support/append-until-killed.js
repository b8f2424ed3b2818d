/**
 * Appends to the trail of argv[2] as boot argv[3] until it is killed, and says of every record that is durable:
 * kind, request id, seq. Writing to a pipe is synchronous, so that what was said was true before.
 */
const path = require("node:path");
const build = path.join(__dirname, "../..", process.env.LLM_GATE_BUILD ?? "dist");
const { sqliteAuditLog } = require(path.join(build, "adapters/audit/sqlite.js"));
const { auditEvent } = require(path.join(build, "lib/audit/record.js"));

const [, , file, boot] = process.argv;
const log = sqliteAuditLog(file, { node: "gate-1", boot });

async function say(kind, requestId) {
  const [record] = await log.append([auditEvent(kind, Date.now(), { requestId, model: "m".repeat(300) })]);
  process.stdout.write(`${kind} ${requestId} ${record.seq}\n`);
}

async function call(caller) {
  for (let index = 0; ; index += 1) {
    await say("intent", `${boot}-${caller}-${index}`);
    await say("completion", `${boot}-${caller}-${index}`);
  }
}

for (let caller = 0; caller < 32; caller += 1) void call(caller);

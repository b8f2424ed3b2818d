const { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");
const { built } = require("./build");

const { memoryAuditLog, memoryTrail } = built("adapters/audit/memory.js");
const { spooledAuditLog } = built("adapters/audit/spool/spooled-log.js");
const { auditEvent } = built("lib/audit/record.js");

const NODE = "gate-1";
const EVENTS = 40;
const silent = { debug: () => 0, info: () => 0, warn: () => 0, error: () => 0 };
const clock = { now: () => Date.now(), monotonic: () => performance.now() };

/**
 * Events in a spool, as a gate leaves them that is killed while its trail is away; `edges` are where appends end.
 * `judge(bytes, damage)` is given what became of the file; it resolves with what is wrong about the trail that the next boot
 * makes of it, null when nothing is.
 */
exports.spoolTail = async function spoolTail() {
  const folder = mkdtempSync(path.join(tmpdir(), "llm-gate-tail-"));
  const made = await madeSpool(path.join(folder, "made.spool"));
  const place = path.join(folder, "trial");
  return {
    bytes: made.bytes,
    edges: [0, made.bytes.indexOf("\n"), ...made.points],
    async judge(bytes, damage) {
      mkdirSync(place);
      try {
        return faultOf(await shipped(path.join(place, "gate.spool"), bytes), made, damage);
      } finally {
        rmSync(place, { recursive: true });
      }
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
};

async function madeSpool(file) {
  const away = async () => Promise.reject(new Error("no database"));
  const log = opened(file, { ...memoryAuditLog({ node: NODE, boot: "b-1" }, memoryTrail()), append: away });
  await log.claim();
  const points = [];
  for (let number = 0; number < EVENTS; number += 1) {
    await log.append([event(number)]);
    points.push(statSync(file).size);
  }
  const bytes = readFileSync(file);
  await log.close();
  return { bytes, points };
}

function event(number) {
  const userAgent = "agent ".repeat(number % 2 === 0 ? 80 : 20);
  const facts = { requestId: `call-${number}`, user: "alice@example.com", userAgent };
  return auditEvent("refusal", Date.now(), facts);
}

function opened(file, log) {
  return spooledAuditLog({ log, node: NODE, spool: { path: file }, clock, logger: silent, newId: () => "id" });
}

/** What the trail has after the next start; null where the gate did not start, and left the file as it was. */
async function shipped(file, bytes) {
  writeFileSync(file, bytes);
  const trail = memoryTrail();
  const log = opened(file, memoryAuditLog({ node: NODE, boot: "b-2" }, trail));
  try {
    await log.claim();
    await log.openIntents();
    while (log.waiting() > 0) await sleep(1);
  } catch (error) {
    if (error.code !== "spool_unusable" || !readFileSync(file).equals(bytes)) throw error;
    return null;
  } finally {
    await log.close();
  }
  return trail.rows.map(({ record }) => record);
}

/** Refusing to start over it is finding it. A bit can take two lines with it: where it parted them. */
function faultOf(records, { points }, { sound, flipped }) {
  if (records === null) return null;
  const numbers = records.filter(({ kind }) => kind === "refusal").map(({ requestId }) => Number(requestId.slice(5)));
  const durable = points.filter((point) => point <= sound).length;
  const isTold = records.some(({ operation }) => operation === "spool.damaged");
  if (numbers.some((number, index) => index > 0 && number <= numbers[index - 1])) return "out of order, or twice";
  if (numbers.filter((number) => number < durable).length < durable) return `lost some of ${durable} durable events`;
  if (!flipped) return isTold ? "a false alarm" : null;
  if (numbers.length < EVENTS && !isTold) return `${EVENTS - numbers.length} lost by a bit, and nothing said`;
  return numbers.length < EVENTS - 2 ? "more lost than was damaged" : null;
}

const { generateKeyPairSync } = require("node:crypto");
const { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");
const { built } = require("./build");

const { sqliteAuditLog } = built("adapters/audit/sqlite.js");
const { verifyRows } = built("adapters/audit/sqlite/range-reader.js");
const { sqliteTrailSource } = built("adapters/audit/sqlite/trail-source.js");
const { openSqlite } = built("adapters/stores/sqlite-driver.js");
const { sqliteStore } = built("adapters/stores/sqlite.js");
const { publicKeysIn } = built("lib/audit/checkpoint-key.js");
const { auditEvent } = built("lib/audit/record.js");
const { verifyTrail } = built("lib/audit/verify-trail.js");

const NODE = "gate-1";
const CALLS = 40;
const CHECKPOINT_EVERY = 12;
/** A thread is started for that, so that it is not done each time. */
const APPEND_EVERY = 25;

/**
 * A trail whose records still lie in SQLite's write-ahead log; `edges` are where appends end. `judge(bytes, damage)` is given
 * what became of the log; it resolves with what is wrong about the database with that log, null when nothing is.
 */
exports.walTail = async function walTail() {
  const folder = mkdtempSync(path.join(tmpdir(), "llm-gate-tail-"));
  const made = await madeTrail(path.join(folder, "made.db"));
  const file = path.join(folder, "gate.db");
  return {
    bytes: made.wal,
    edges: [0, 32, ...made.points],
    async judge(bytes, { sound, trial }) {
      for (const end of ["-shm", "-wal"]) rmSync(`${file}${end}`, { force: true });
      writeFileSync(file, made.database);
      writeFileSync(`${file}-wal`, bytes);
      const found = await read(file, made);
      const fault = faultOf(found, made, sound);
      if (fault !== null || trial % APPEND_EVERY !== 0) return fault;
      await append(openLog(file, "b-2", made.keys), "later");
      const { status, hashes } = await read(file, made);
      const went =
        hashes.length === found.hashes.length + 1 && (status === "tampered") === (found.status === "tampered");
      return went ? null : "an append did not go on from it";
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
};

/** Its files as they are while a gate has them open, and what was durable at which length of the log. */
async function madeTrail(file) {
  const store = sqliteStore(file);
  await store.open();
  await store.close();
  const keys = generateKeyPairSync("ed25519", {
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const reader = openSqlite(file);
  const log = openLog(file, "b-1", keys);
  const [points, copies] = [[], []];
  for (let call = 0; call < CALLS; call += 1) {
    await log.append([event("intent", `call-${call}`)]);
    points.push(statSync(`${file}-wal`).size);
    await log.append([event("completion", `call-${call}`)]);
    points.push(statSync(`${file}-wal`).size);
    if (call % CHECKPOINT_EVERY !== CHECKPOINT_EVERY - 1) continue;
    const [{ checkpoint }] = await log.append([event("checkpoint", null)]);
    copies.push(checkpoint);
    points.push(statSync(`${file}-wal`).size);
  }
  const [database, wal] = [readFileSync(file), readFileSync(`${file}-wal`)];
  await log.close();
  const { hashes } = rowsOf(reader);
  reader.close();
  return { database, wal, points, copies, hashes, keys };
}

function openLog(file, boot, { privateKey }) {
  return sqliteAuditLog(file, { node: NODE, boot, checkpointKey: privateKey });
}

function event(kind, requestId) {
  return auditEvent(kind, Date.now(), { requestId, user: "alice@example.com", userAgent: "agent ".repeat(40) });
}

async function append(log, requestId) {
  await log.append([event("refusal", requestId)]);
  await log.close();
}

function rowsOf(connection) {
  const rows = connection.prepare("select hash from audit where node = ? order by seq").all(NODE);
  return { hashes: rows.map(({ hash }) => Buffer.from(hash).toString("hex")) };
}

async function read(file, { keys, copies }) {
  const connection = openSqlite(file, { readonly: true });
  const source = sqliteTrailSource(file);
  const now = Date.now();
  try {
    const here = { ...source, verifyRange: async (...range) => verifyRows(connection, ranged(range), now) };
    const { status } = await verifyTrail(here, { keys: publicKeysIn(keys.publicKey), copies: each(copies) });
    return { status, ...rowsOf(connection) };
  } finally {
    await source.close();
    connection.close();
  }
}

function ranged([node, after, through, start]) {
  return { node, after, through, ...(start !== undefined && { start }) };
}

async function* each(items) {
  yield* items;
}

function faultOf({ status, hashes }, made, sound) {
  const durable = made.points.filter((point) => point <= sound).length;
  // The copy of a checkpoint vouches for its own record too, which follows the head that it names.
  const covered = 1 + Math.max(...made.copies.flatMap(({ heads }) => heads.map(({ seq }) => seq)));
  if (hashes.length < durable) return `${hashes.length} of ${durable} durable records, and the trail is ${status}`;
  if (hashes.some((hash, index) => hash !== made.hashes[index])) return "a record that was not written";
  if (hashes.length < covered) return status === "tampered" ? null : `cut off before a checkpoint, and ${status}`;
  return status === "tampered" ? "a false alarm" : null;
}

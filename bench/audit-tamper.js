/**
 * Random tampering of ten kinds with small trails, and none with a long one:
 * `node bench/audit-tamper.js [TRIALS] [--untouched 1000000] [--seed 1]`. Prints one line of JSON; exits 1 when a
 * tampering was not found, the first bad record was not the right one, or an untouched record was complained of.
 */
const { generateKeyPairSync } = require("node:crypto");
const { parseArgs } = require("node:util");
const { built } = require("./support/build");
const { memorySource } = require("./support/memory-source");
const { tamperings } = require("./support/tamperings");

const { memoryAuditLog, memoryTrail } = built("adapters/audit/memory.js");
const { auditEvent } = built("lib/audit/record.js");
const { verifyTrail } = built("lib/audit/verify-trail.js");
const { publicKeysIn } = built("lib/audit/checkpoint-key.js");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { untouched: { type: "string", default: "1000000" }, seed: { type: "string", default: "1" } },
});
const trials = Number(positionals[0] ?? 100_000);
const untouched = Number(values.untouched);

const KEYS = generateKeyPairSync("ed25519", {
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

void main();

async function main() {
  const random = seeded(Number(values.seed));
  const keys = publicKeysIn(KEYS.publicKey);
  const { chains, copies } = await smallTrail();
  const counts = {};
  const faults = { undetected: [], misnamed: [] };
  const kinds = Object.entries(tamperings(chains, random));
  for (let trial = 0; trial < trials; trial += 1) {
    const [kind, tamper] = kinds[trial % kinds.length];
    const { chains: changed, ...expected } = tamper();
    const { status, firstBad } = await verifyTrail(memorySource(changed), { keys, copies: lines(copies) });
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (status !== "tampered") faults.undetected.push({ trial, kind, expected });
    else if (!isNamed(firstBad, expected)) faults.misnamed.push({ trial, kind, expected, firstBad });
  }
  const falseAlarms = await alarmsOver(untouched, keys);
  const { undetected, misnamed } = faults;
  const found = { trials, counts, undetected: undetected.length, misnamed: misnamed.length, untouched, falseAlarms };
  console.log(JSON.stringify({ ...found, examples: [...undetected, ...misnamed].slice(0, 3) }));
  process.exitCode = undetected.length + misnamed.length + falseAlarms === 0 ? 0 : 1;
}

/** The record itself; where a chain was made anew, the stretch between two checkpoints that holds it. */
function isNamed(firstBad, { node, seqs }) {
  if (firstBad.node !== node) return false;
  if (firstBad.reason === "checkpoint_mismatch") return firstBad.after < seqs[0] && seqs[0] <= firstBad.seq;
  return seqs.includes(firstBad.seq);
}

async function* lines(checkpoints) {
  yield* checkpoints;
}

/** Two nodes that write by turns, a checkpoint now and then and at the end. */
async function smallTrail() {
  const trail = memoryTrail();
  const open = (node) => memoryAuditLog({ node, boot: `${node}-1`, checkpointKey: KEYS.privateKey }, trail);
  const logs = [open("cli"), open("gate-1")];
  const copies = [];
  for (let index = 0; index < 48; index += 1) {
    const log = logs[index % 3 === 0 ? 0 : 1];
    await log.append([call("intent", index), call("completion", index)]);
    if (index % 16 === 15) copies.push((await logs[1].append([auditEvent("checkpoint", at(index), {})]))[0].checkpoint);
  }
  const chains = new Map(["cli", "gate-1"].map((node) => [node, rowsOf(trail, node)]));
  return { chains, copies };
}

function rowsOf(trail, node) {
  return trail.rows
    .filter(({ record }) => record.node === node)
    .map(({ bytes, link, columns }) => ({ bytes, hash: Buffer.from(link).toString("hex"), columns }));
}

function at(index) {
  return Date.UTC(2026, 0, 2) + index * 1_000;
}

function call(kind, index) {
  const facts = { requestId: `call-${index}`, user: "alice@example.com", model: "gpt-4o-mini", decision: "allow" };
  return auditEvent(kind, at(index), facts);
}

async function alarmsOver(records, keys) {
  const trail = memoryTrail();
  const log = memoryAuditLog({ node: "gate-1", boot: "b", checkpointKey: KEYS.privateKey }, trail);
  for (let index = 0; trail.rows.length < records; index += 1) {
    await log.append([call("intent", index), call("completion", index)]);
    if (index % 5_000 === 4_999) await log.append([auditEvent("checkpoint", at(index), {})]);
  }
  const verdict = await verifyTrail(memorySource(new Map([["gate-1", rowsOf(trail, "gate-1")]])), { keys });
  return verdict.status === "clean" ? verdict.faults : Math.max(1, verdict.faults);
}

/** Mulberry32: a number below `limit`, the same ones for the same seed. */
function seeded(seed) {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

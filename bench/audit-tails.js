/**
 * Random ends of what a gate had synced when its machine stopped: `node bench/audit-tails.js [--runs 10000] [--seed 1]`. By
 * turns SQLite's write-ahead log and a spool are cut off, or have one bit flipped, at a random byte, each second time one beside
 * the end of an append, and are opened. Prints one line of JSON; exits 1 when something that was durable before that byte is not there, something lost is not told (a
 * record of a trail by its exported checkpoints, an event of a spool by a record), or a sound one raises an alarm.
 */
const { parseArgs } = require("node:util");
const { seeded } = require("./dlp/random");
const { spoolTail } = require("./support/spool-tail");
const { walTail } = require("./support/wal-tail");

const { values } = parseArgs({
  options: { runs: { type: "string", default: "10000" }, seed: { type: "string", default: "1" } },
});
const runs = Number(values.runs);

void main();

/** By `damage`, the first `sound` bytes are as they were synced, and the next is `flipped` or there is none. */
async function main() {
  const random = seeded(Number(values.seed));
  const tails = [await walTail(), await spoolTail()];
  const wrong = [];
  try {
    for (let trial = 0; trial < runs; trial += 1) {
      const { bytes, edges, judge } = tails[trial % 2];
      const at = trial % 8 < 4 ? random.below(bytes.length) : beside(random.pick(edges), bytes, random);
      const damage = { sound: at, flipped: trial % 4 < 2, trial };
      const fault = await judge(damage.flipped ? flipped(bytes, at, random) : bytes.subarray(0, at), damage);
      if (fault !== null) wrong.push({ of: trial % 2 === 0 ? "log" : "spool", ...damage, fault });
    }
  } finally {
    for (const { remove } of tails) remove();
  }
  console.log(JSON.stringify({ runs, wrong: wrong.length, examples: wrong.slice(0, 3) }));
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

function beside(edge, { length }, { below }) {
  return Math.min(length - 1, Math.max(0, edge - 2 + below(4)));
}

function flipped(bytes, at, { below }) {
  const harmed = Buffer.from(bytes);
  harmed[at] ^= 1 << below(8);
  return harmed;
}

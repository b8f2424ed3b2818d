/**
 * How long a revoked key is still let in: `node bench/revocation.js [TRIALS] --postgres URL [--nodes 4] [--rate 50]
 * [--at-once 1] [--streams] [--mode notify|redis|poll|down|hung|partitioned|flapping]`. Each trial makes a key, asks with it at every
 * gate so often a second, revokes it, and goes on asking; with `--streams` a stream of each dialect is open at every gate
 * meanwhile. All modes but the first have no NOTIFY, and all after `poll` have a Redis: one that works (`redis`), is gone,
 * stopped, silently cut off from half of the gates, or comes and goes. The database should be a fresh one. Prints one line
 * of JSON; exits 1 when a bound is broken: with a bus p99 100 ms, 500 ms at most and 1 s for streams, without one 5 s and
 * 6 s, never an accept after the first rejection, and every stream ended in its dialect and on record.
 */
const { setTimeout: sleep } = require("node:timers/promises");
const { parseArgs } = require("node:util");
const { Client } = require("pg");
const { BUS_MODES, hasBus, troubledBus } = require("./support/bus-trouble");
const { hammer } = require("./support/hammer");
const { holdStreams } = require("./support/held-calls");
const { startSharedNodes } = require("./support/shared-nodes");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    postgres: { type: "string", default: process.env.TEST_POSTGRES_URL ?? "" },
    nodes: { type: "string", default: "4" },
    rate: { type: "string", default: "50" },
    mode: { type: "string", default: "notify" },
    "at-once": { type: "string", default: "1" },
    streams: { type: "boolean", default: false },
  },
});
const trials = Number(positionals[0] ?? 50);
const count = Number(values.nodes);
/** So many keys at the same time; each is a trial. */
const atOnce = Number(values["at-once"]);
const everyMs = 1_000 / Number(values.rate);

void main();

async function main() {
  const { mode, postgres: url } = values;
  if (!BUS_MODES.includes(mode)) throw new Error(`the mode is one of ${BUS_MODES.join(", ")}`);
  const bus = await troubledBus(mode, count);
  const site = await startSharedNodes({ ...bus, url, count, notify: mode === "notify" });
  const [seen, streams] = [[], []];
  try {
    bus.begin();
    for (let trial = 0; trial < trials; trial += atOnce) {
      bus.before();
      const round = await Promise.all(Array.from({ length: atOnce }, () => revokeOnce(site)));
      seen.push(...round.flatMap(({ judged }) => judged));
      streams.push(...round.flatMap(({ held }) => held));
    }
  } finally {
    await site.close();
    bus.end();
  }
  report(seen, streams, await recordedEnds(url));
}

/** What each node did with one key: milliseconds after the revocation that its last accepted request was sent. */
async function revokeOnce({ nodes, createKey, revokeKey }) {
  const { id, key } = await createKey();
  const held = values.streams ? (await Promise.all(nodes.map(({ origin }) => holdStreams(origin, key)))).flat() : [];
  const hammers = nodes.map(({ origin }) => hammer(origin, key, everyMs));
  await Promise.all(hammers.map(({ accepted }) => accepted));
  await revokeKey(id);
  const revokedAt = performance.now();
  await Promise.all(hammers.map(({ rejected }) => rejected));
  await sleep(10 * everyMs);
  const judged = await Promise.all(hammers.map(async ({ stop }) => judge(await stop(), revokedAt)));
  const ends = await Promise.all(held.map(({ ended }) => ended));
  return { judged, held: ends.map(({ endedAt, inDialect }) => ({ inDialect, ms: endedAt - revokedAt })) };
}

function judge(answers, revokedAt) {
  const late = answers.filter(({ status, sentAt }) => status === 200 && sentAt > revokedAt);
  const lateMs = Math.max(0, ...late.map(({ sentAt }) => sentAt - revokedAt));
  const refusals = answers.filter(({ status, sentAt }) => status === 401 && sentAt > revokedAt);
  const firstRefusal = Math.min(...refusals.map(({ answeredAt }) => answeredAt));
  const relapses = late.filter(({ sentAt }) => sentAt > firstRefusal).length;
  const failures = answers.filter(({ status }) => status !== 200 && status !== 401).length;
  return { lateMs, relapses, failures };
}

async function recordedEnds(url) {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query("select count(*)::int as ends from audit where outcome = 'revoked_midstream'");
  await client.end();
  return rows[0].ends;
}

function quantile(sorted, share) {
  return sorted.length === 0 ? 0 : Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]);
}

function report(seen, streams, recorded) {
  const late = seen.map(({ lateMs }) => lateMs).sort((a, b) => a - b);
  const ends = streams.map(({ ms }) => ms).sort((a, b) => a - b);
  const sum = (member) => seen.reduce((total, one) => total + one[member], 0);
  const result = {
    ...{ mode: values.mode, trials: seen.length / count, nodes: count, rate: Number(values.rate) },
    ...{ p50Ms: quantile(late, 0.5), p99Ms: quantile(late, 0.99), maxMs: quantile(late, 1) },
    ...{ relapses: sum("relapses"), failures: sum("failures") },
    ...{ streams: streams.length, streamP99Ms: quantile(ends, 0.99), streamMaxMs: quantile(ends, 1) },
    streamsBadlyEnded: streams.filter(({ inDialect }) => !inDialect).length,
    streamsOffRecord: streams.length - recorded,
  };
  console.log(JSON.stringify(result));
  const { p99Ms, maxMs, streamMaxMs } = result;
  const inBounds = hasBus(values.mode)
    ? p99Ms <= 100 && maxMs <= 500 && streamMaxMs <= 1_000
    : maxMs <= 5_000 && streamMaxMs <= 6_000;
  const broken = ["relapses", "failures", "streamsBadlyEnded", "streamsOffRecord"].some((name) => result[name] !== 0);
  if (!inBounds || broken) process.exitCode = 1;
}

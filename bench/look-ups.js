/**
 * How often gates ask their store for keys: `node bench/look-ups.js --postgres URL [--nodes 4] [--callers 1000]
 * [--new-keys 100] [--keys 10000] [--unknown 100000]`. So many callers come at once to each gate with one key that it has
 * never seen; so many keys are asked for everywhere before they are made; so many keys are known when something changes
 * that concerns all of them; so many others are made up. The database should be a fresh one. Prints one line of JSON;
 * exits 1 when a bound is broken: one look-up per gate for the callers, 100 ms (p99) until a new key works everywhere, 200
 * questions a second after the change, none for noise, and no known key lost to made-up ones.
 */
const { randomBytes } = require("node:crypto");
const { setTimeout: sleep } = require("node:timers/promises");
const { parseArgs } = require("node:util");
const { Pool } = require("undici");
const { built } = require("./support/build");
const { measureCache } = require("./support/key-cache-load");
const { startSharedNodes } = require("./support/shared-nodes");

const { digestKey } = built("lib/keys/pepper.js");
const { mintKey } = built("lib/keys/mint-key.js");

const { values } = parseArgs({
  options: {
    postgres: { type: "string", default: process.env.TEST_POSTGRES_URL ?? "" },
    nodes: { type: "string", default: "4" },
    callers: { type: "string", default: "1000" },
    "new-keys": { type: "string", default: "100" },
    keys: { type: "string", default: "10000" },
    unknown: { type: "string", default: "100000" },
  },
});
const NEW_KEY_MS = 100;
const MOST_QUESTIONS = 200;
const REREAD_MS = 5_000;

void main();

async function main() {
  const site = await startSharedNodes({ url: values.postgres, count: Number(values.nodes) });
  const pools = site.nodes.map(({ origin }) => new Pool(origin, { connections: 100 }));
  try {
    const cold = await coldCallers(site, pools);
    const waits = [];
    for (let made = 0; made < Number(values["new-keys"]); made += 1) waits.push(await newKey(site, pools));
    const cache = await measureCache(site, { keys: Number(values.keys), unknown: Number(values.unknown) });
    report(cold, waits.flat(), cache);
  } finally {
    await Promise.all(pools.map((pool) => pool.close()));
    await site.close();
  }
}

async function ask(pool, key) {
  const headers = { authorization: `Bearer ${key}` };
  const { statusCode, body } = await pool.request({ method: "GET", path: "/v1/models", headers });
  await body.dump();
  return statusCode;
}

/** Look-ups at each gate, and every status. */
async function coldCallers({ nodes, admin, createKey }, pools) {
  const { key } = await createKey();
  await admin.appliedEverywhere();
  const before = await Promise.all(nodes.map((node) => node.counts()));
  const callers = Array.from({ length: Number(values.callers) });
  const began = performance.now();
  const statuses = await Promise.all(pools.flatMap((pool) => callers.map(() => ask(pool, key))));
  const after = await Promise.all(nodes.map((node) => node.counts()));
  const lookUps = after.map(
    ({ findKey, findKeys }, at) => findKey + findKeys - before[at].findKey - before[at].findKeys,
  );
  // A snapshot in use is read again every five seconds.
  const beyond = lookUps.map((count) => count - 1 - Math.floor((performance.now() - began) / REREAD_MS));
  return { lookUps, tooMany: beyond.filter((count) => count > 0).length, statuses: [...new Set(statuses)] };
}

/** Milliseconds from the commit of a key that everybody had asked for before, until each gate lets it in. */
async function newKey({ store, peppers }, pools) {
  const { id, key } = mintKey((size) => randomBytes(size));
  const early = await Promise.all(pools.map((pool) => ask(pool, key)));
  if (early.some((status) => status !== 401)) throw new Error(`a key that is not there got ${early}`);
  const digest = digestKey(peppers, peppers.current, key);
  await store.admin.transaction(async (tx) => {
    const [organization] = await tx.organizations();
    const [user] = await tx.users(organization.id);
    const made = { id, name: "new", userId: user.id, digest, pepperVersion: peppers.current };
    await tx.insertKey(organization.id, { ...made, createdAt: Date.now(), expiresAt: null });
  });
  const madeAt = performance.now();
  return Promise.all(pools.map((pool) => untilLetIn(pool, key, madeAt)));
}

async function untilLetIn(pool, key, madeAt) {
  for (;;) {
    const sentAt = performance.now();
    if ((await ask(pool, key)) === 200) return sentAt - madeAt;
    await sleep(5);
  }
}

function report(cold, waits, cache) {
  const sorted = waits.sort((a, b) => a - b);
  const quantile = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  const newKeys = { p50Ms: quantile(0.5), p99Ms: quantile(0.99), maxMs: quantile(1) };
  console.log(JSON.stringify({ nodes: Number(values.nodes), callers: Number(values.callers), cold, newKeys, cache }));
  const good = [
    cold.tooMany === 0 && cold.statuses.join() === "200",
    newKeys.p99Ms <= NEW_KEY_MS,
    cache.afterChange.mostPerSecond <= MOST_QUESTIONS && cache.afterChange.wrong === 0,
    cache.noise.lookUps === 0 && cache.unknown.evicted === 0 && cache.unknown.wrong === 0,
  ];
  if (good.includes(false)) process.exitCode = 1;
}

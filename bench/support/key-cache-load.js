const { randomBytes } = require("node:crypto");
const { setTimeout: sleep } = require("node:timers/promises");
const { built } = require("./build");
const { countedStore, mostPerSecond } = require("./counted-store");

const { createSnapshots } = built("lib/auth/snapshot-cache.js");
const { createKeyVerifier } = built("lib/auth/verify-key.js");
const { digestKey } = built("lib/keys/pepper.js");
const { mintKey } = built("lib/keys/mint-key.js");

const AT_ONCE = 2_000;
const KEYS_IN_A_ROW = 500;
const clock = { now: () => Date.now(), monotonic: () => performance.now() };
const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const fresh = () => mintKey((size) => randomBytes(size)).key;

/** What one node's cache asks of the store with so many keys known, and as many others asked for as `unknown` says. */
exports.measureCache = async function measureCache({ store, peppers }, { keys, unknown }) {
  const known = await makeKeys(store, peppers, keys);
  const { store: counted, counts, times } = countedStore(store);
  const snapshots = createSnapshots({ store: counted, clock, logger });
  const verify = createKeyVerifier({ snapshots, peppers, clock });
  const lookUps = () => counts.findKey + counts.findKeys;
  await snapshots.start();
  try {
    await inParts(known, verify);
    const noise = await counting(lookUps, () => inParts(madeUp(unknown, noisy), verify));
    const useKnown = () => inParts(known, verify);
    const strangers = await counting(lookUps, () => inParts(madeUp(unknown, fresh), verify, useKnown));
    const evicted = known.filter((key) => "then" in verify(key)).length;
    await changeEverything(store, snapshots);
    times.length = 0;
    const again = await Promise.all(known.map((key) => verify(key)));
    return {
      keys,
      noise: { asked: unknown, lookUps: noise.lookUps },
      unknown: { asked: unknown, lookUps: strangers.lookUps, evicted, wrong: count(strangers.judged, true) },
      afterChange: { lookUps: times.length, mostPerSecond: mostPerSecond(times), wrong: count(again, false) },
    };
  } finally {
    snapshots.stop();
  }
};

async function counting(lookUps, work) {
  const before = lookUps();
  const judged = await work();
  return { judged, lookUps: lookUps() - before };
}

/** `between` keeps what is known in use meanwhile: what nobody uses is forgotten. */
async function inParts(keys, verify, between = () => undefined) {
  const judged = [];
  for (let at = 0; at < keys.length; at += AT_ONCE) {
    judged.push(...(await Promise.all(keys.slice(at, at + AT_ONCE).map((key) => verify(key)))));
    await between();
  }
  return judged;
}

const madeUp = (count, make) => Array.from({ length: count }, () => make());
const noisy = () => fresh().replace(/.$/, (last) => (last === "0" ? "1" : "0"));
const count = (judged, ok) => judged.filter((one) => one.ok === ok).length;

async function makeKeys(store, peppers, count) {
  const minted = madeUp(count, () => mintKey((size) => randomBytes(size)));
  for (let at = 0; at < count; at += KEYS_IN_A_ROW) {
    await store.admin.transaction(async (tx) => {
      const [organization] = await tx.organizations();
      const [user] = await tx.users(organization.id);
      for (const { id, key } of minted.slice(at, at + KEYS_IN_A_ROW)) {
        const digest = digestKey(peppers, peppers.current, key);
        const stored = { id, name: "many", userId: user.id, digest, pepperVersion: peppers.current };
        await tx.insertKey(organization.id, { ...stored, createdAt: Date.now(), expiresAt: null });
      }
    });
  }
  return minted.map(({ key }) => key);
}

/** What concerns a whole organization drops every snapshot of it. */
async function changeEverything(store, snapshots) {
  await store.admin.transaction(async (tx) => {
    const [organization] = await tx.organizations();
    await tx.putOrganization(organization.name, { request: { CREDIT_CARD: "report" }, response: {}, custom: [] });
  });
  const epoch = await store.epoch();
  snapshots.hint(epoch);
  while ((snapshots.lastEpoch ?? 0) < epoch) await sleep(1);
}

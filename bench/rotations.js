/**
 * Rotations under use: `node bench/rotations.js [ROTATIONS] --postgres URL [--at-once 10] [--grace 5000] [--kills 50]`.
 * Four gates share the database, one clock is ten minutes fast and one ten minutes slow. Each client calls one gate after
 * the other and takes up the new key at a random moment of the grace; the old key is asked for at every gate around the
 * end of it. Then so many rotations are killed at a random moment and asked for again. The database should be a fresh one.
 * Prints one line of JSON, with calls of the old key that its end overtook as `late`; exits 1 when another call failed,
 * an old key died more than a second from its end anywhere,
 * or a rotation was left by halves.
 */
const { setInterval, clearInterval } = require("node:timers");
const { setTimeout: sleep } = require("node:timers/promises");
const { parseArgs } = require("node:util");
const { Pool } = require("undici");
const { killedRotation } = require("./support/killed-rotation");
const { startSharedNodes } = require("./support/shared-nodes");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    postgres: { type: "string", default: process.env.TEST_POSTGRES_URL ?? "" },
    "at-once": { type: "string", default: "10" },
    grace: { type: "string", default: "5000" },
    kills: { type: "string", default: "50" },
  },
});
const rotations = Number(positionals[0] ?? 1_000);
const graceMs = Number(values.grace);
const TEN_MINUTES = 600_000;
const AHEAD = [0, TEN_MINUTES, -TEN_MINUTES, 0];
const CLIENT_MS = 100;
const PROBE_MS = 50;
/** A client that switches so shortly before the end is still in time, on a busy machine too. */
const SPARE_MS = 1_000;
const AROUND_MS = 1_200;
const MOST_OFF_MS = 1_000;

void main();

async function main() {
  const url = values.postgres;
  const site = await startSharedNodes({ url, count: AHEAD.length, aheadMsOf: (index) => AHEAD[index] });
  const pools = site.nodes.map(({ origin }) => new Pool(origin, { connections: 50 }));
  const [seen, halves] = [[], []];
  try {
    for (let done = 0; done < rotations; done += Number(values["at-once"])) {
      const atOnce = Array.from({ length: Number(values["at-once"]) });
      seen.push(...(await Promise.all(atOnce.map(() => rotateUnderUse(site, pools)))));
    }
    for (let killed = 0; killed < Number(values.kills); killed += 1) halves.push(await killedRotation(site, url));
  } finally {
    await Promise.all(pools.map((pool) => pool.close()));
    await site.close();
  }
  report(seen, halves);
}

async function ask(pool, key) {
  const headers = { authorization: `Bearer ${key}` };
  const { statusCode, body } = await pool.request({ method: "GET", path: "/v1/models", headers });
  await body.dump();
  return statusCode;
}

async function rotateUnderUse({ admin, createKey }, pools) {
  const old = await createKey();
  const client = startClient(pools, old.key);
  await sleep(2 * CLIENT_MS);
  const { key, graceUntil } = await admin.rotateKey({ id: old.id, graceMs });
  const switching = sleep(Math.random() * (graceUntil - SPARE_MS - Date.now())).then(() => client.take(key));
  await sleep(graceUntil - AROUND_MS - Date.now());
  const died = await Promise.all(pools.map((pool) => deathOf(pool, old.key, graceUntil)));
  await switching;
  const calls = await client.stop();
  const describe = ({ status, asked, sentAt, answeredAt }) =>
    `${status} for the ${asked} key, sent ${sentAt - graceUntil} ms and answered ${answeredAt - graceUntil} ms after its end`;
  const failed = calls.filter(({ status }) => status !== 200);
  const late = failed.filter(
    ({ status, asked, answeredAt }) => status === 401 && asked === "old" && answeredAt > graceUntil,
  );
  return {
    calls: calls.length,
    late: late.length,
    failed: failed.filter((one) => !late.includes(one)).map(describe),
    died,
  };
}

/** Calls one gate after the other, in turn. */
function startClient(pools, first) {
  const calls = [];
  let [key, turn, stopped] = [first, 0, false];
  const calling = run();
  async function run() {
    while (!stopped) {
      const [sentAt, asked] = [Date.now(), key];
      const status = await ask(pools[(turn += 1) % pools.length], asked);
      calls.push({ status, asked: asked === first ? "old" : "new", sentAt, answeredAt: Date.now() });
      await sleep(CLIENT_MS);
    }
  }
  return {
    take: (next) => void (key = next),
    async stop() {
      stopped = true;
      await calling;
      return calls;
    },
  };
}

/** Around the end of the grace: when a gate last let the key in and first refused it, and what else it said. */
async function deathOf(pool, key, graceUntil) {
  const answers = [];
  const asking = new Set();
  const probe = async () => {
    const sentAt = Date.now();
    const status = await ask(pool, key);
    answers.push({ sentAt, answeredAt: Date.now(), status });
  };
  const timer = setInterval(() => {
    const one = probe().finally(() => asking.delete(one));
    asking.add(one);
  }, PROBE_MS);
  await sleep(graceUntil + AROUND_MS - Date.now());
  clearInterval(timer);
  await Promise.all(asking);
  const letIn = answers.filter(({ status }) => status === 200).map(({ sentAt }) => sentAt);
  const refused = answers.filter(({ status }) => status === 401).map(({ answeredAt }) => answeredAt);
  const firstRefused = Math.min(...refused);
  return {
    lastLetInMs: Math.max(...letIn) - graceUntil,
    firstRefusedMs: firstRefused - graceUntil,
    relapses: letIn.filter((sentAt) => sentAt > firstRefused).length,
    odd: answers.length - letIn.length - refused.length,
  };
}

function report(seen, halves) {
  const died = seen.flatMap((one) => one.died);
  const failed = seen.flatMap((one) => one.failed);
  const sum = (all, member) => all.reduce((total, one) => total + one[member], 0);
  const ends = Object.fromEntries(
    ["done", "undone", "half"].map((end) => [end, halves.filter((h) => h === end).length]),
  );
  const result = {
    ...{
      rotations: seen.length,
      calls: sum(seen, "calls"),
      late: sum(seen, "late"),
      failed: failed.length,
      failures: failed.slice(0, 5),
    },
    oldKey: {
      lastLetInMs: Math.max(...died.map(({ lastLetInMs }) => lastLetInMs)),
      firstRefusedMs: Math.min(...died.map(({ firstRefusedMs }) => firstRefusedMs)),
      relapses: sum(died, "relapses"),
      odd: sum(died, "odd"),
    },
    killed: { rotations: halves.length, ...ends },
  };
  console.log(JSON.stringify(result));
  const { lastLetInMs, firstRefusedMs, relapses, odd } = result.oldKey;
  const onTime = lastLetInMs <= MOST_OFF_MS && firstRefusedMs >= -MOST_OFF_MS;
  if (!onTime || result.failed + relapses + odd + ends.half > 0) process.exitCode = 1;
}

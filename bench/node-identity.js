/**
 * Whose a node's name is, with real processes on one PostgreSQL: `node bench/node-identity.js --postgres URL`. A second gate
 * claims the name of one that lives. Then that one is killed with calls under way and a third takes over; then the third
 * loses its connections, which the database notices late, and a fourth claims its name. The database should be a fresh one. Prints one line of JSON; exits 1 when a claimant of a living node's name started, or was
 * refused without the sentence that says why, when taking over took more than five seconds, a call of the killed gate did
 * not end as `interrupted`, or the trail does not verify.
 */
const { once } = require("node:events");
const { closeSync, openSync, readFileSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");
const { parseArgs } = require("node:util");
const http = require("node:http");
const { DIALECTS } = require("./support/dialects");
const { examineTrail, isWhole } = require("./support/examine-trail");
const { startFakeProvider } = require("./support/fake-provider");
const { launchGate, prepareGate, startGate } = require("./support/gate-process");
const { startRelay } = require("./support/relay");
const { trailOf } = require("./support/trail-of");

const { values } = parseArgs({
  options: { postgres: { type: "string", default: process.env.TEST_POSTGRES_URL ?? "" } },
});
const SENTENCE = /Another running process already writes this audit trail as node "gate-1"/;
const TAKEN_OVER_MS = 5_000;
/** The gate looks for its name once a second. */
const NOTICED_MS = 1_500;
const SLOW = { pieces: 1_000, pauseMs: 50 };

void main();

async function main() {
  const provider = await startFakeProvider(SLOW);
  const relay = await startRelay(values.postgres);
  const site = throughRelay(prepareGate(provider.url, { postgres: values.postgres }), relay);
  const running = [];
  const start = async () => {
    running.push(await startGate(site));
    return running.at(-1);
  };
  try {
    const first = await start();
    const beside = await claim(site);
    const held = await Promise.all(DIALECTS.map((dialect) => openCall(first, site, dialect)));
    const takenOver = await afterKill(first, { site, start, held });
    const lost = await afterLoss({ gate: running.at(-1), site, relay });
    for (const gate of running) gate.kill("SIGTERM");
    await Promise.all(running.map(({ ended }) => ended));
    report({ beside, ...takenOver, lost, trail: await examineTrail(site, provider.seen, held) });
  } finally {
    for (const gate of running) gate.kill("SIGKILL");
    relay.close();
    provider.close();
    site.remove();
  }
}

/** The commands that made the site went straight to the database. */
function throughRelay(site, { url }) {
  const text = readFileSync(site.gateFile, "utf8");
  writeFileSync(site.gateFile, text.replaceAll(values.postgres, url));
  return site;
}

/** What becomes of a gate that claims the name while another has it. */
async function claim(site) {
  const file = path.join(site.folder, "claimant.log");
  const log = openSync(file, "w");
  const started = performance.now();
  const gate = launchGate({ ...site, log });
  const served = await gate.listening.then(
    () => true,
    () => false,
  );
  gate.kill("SIGKILL");
  const code = await gate.ended;
  closeSync(log);
  const says = SENTENCE.test(readFileSync(file, "utf8"));
  return { refused: !served && code === 1, says, ms: Math.round(performance.now() - started) };
}

/** A stream that has begun. */
async function openCall({ url }, { key }, dialect) {
  const mark = `held by ${dialect.path}`;
  const request = http.request(`${url}/v1${dialect.path}`, {
    method: "POST",
    agent: false,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", "x-request-id": mark },
  });
  request.on("error", () => undefined);
  request.end(JSON.stringify({ ...dialect.body(mark), stream: true }));
  const [answer] = await once(request, "response");
  answer.on("error", () => undefined).resume();
  return { requestId: answer.headers["x-request-id"], status: answer.statusCode, stream: true };
}

async function afterKill(first, { site, start, held }) {
  first.kill("SIGKILL");
  await first.ended;
  const started = performance.now();
  await start();
  const takenOverMs = Math.round(performance.now() - started);
  const records = await trailOf(site).records();
  const ends = held.map(({ requestId }) =>
    records.filter((one) => one.requestId === requestId && one.kind !== "intent"),
  );
  const interrupted = ends.filter(([end, ...more]) => end?.kind === "interrupted" && more.length === 0).length;
  return { takenOverMs, held: held.length, interrupted };
}

/**
 * The gate loses its connections, and the database, which has the name by one of them, does not hear of that before the
 * gate has others.
 */
async function afterLoss({ gate, site, relay }) {
  const settle = relay.lose();
  while ((await statusOf(gate, site)) !== 200) await sleep(20);
  settle();
  await sleep(NOTICED_MS);
  while ((await statusOf(gate, site)) !== 200) await sleep(20);
  return claim(site);
}

async function statusOf({ url }, { key }) {
  const { status, body } = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
  await body.cancel();
  return status;
}

function report(result) {
  console.log(JSON.stringify(result));
  const { beside, takenOverMs, held, interrupted, lost, trail } = result;
  const isHeld = [beside, lost].every(({ refused, says }) => refused && says);
  if (!isHeld || takenOverMs > TAKEN_OVER_MS || interrupted !== held || !isWhole(trail)) process.exitCode = 1;
}

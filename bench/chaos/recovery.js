const http = require("node:http");
const { setTimeout: sleep } = require("node:timers/promises");
const { DIALECTS } = require("../support/dialects");
const { openSockets } = require("./open-sockets");

const FULL_SERVICE_MS = 10_000;
const GIVEN_UP_MS = 60_000;
const CLOSED_MS = 5_000;
const EACH_WAY = 2 * DIALECTS.length;
/** Pools of ten and five, the trail's writer and two readers, and the listener; and as many that are being replaced. */
const MOST_CONNECTIONS = 40;

/**
 * Milliseconds until every gate is ready, and answers a call of every dialect, streamed and not, with a key that was made
 * after all faults were over.
 */
exports.untilFullService = async function untilFullService({ gates }, callers, keys, slack = 1) {
  const started = performance.now();
  const took = () => performance.now() - started;
  const key = await keys.fresh();
  const serves = async (gate) => {
    for (let turn = 0; turn < EACH_WAY && took() < GIVEN_UP_MS;) {
      const isUp = gate.url !== null && (turn > 0 || (await isReady(gate.url)));
      const call = isUp ? await callers.callOnce(gate, turn, key) : null;
      if (call !== null) callers.calls.push(call);
      if (call?.outcome === "ok") turn += 1;
      else await sleep(50);
    }
    return Math.round(took());
  };
  const each = await Promise.all(gates.map(serves));
  const late = each.map((ms, index) => ({ ms, index })).filter(({ ms }) => ms > slack * FULL_SERVICE_MS);
  return {
    ms: Math.max(...each),
    violations: late.map(({ ms, index }) => `node-${index} served in full ${ms} ms after the last fault`),
  };
};

/** On a connection of its own, which it leaves closed. */
function isReady(url) {
  return new Promise((resolve) => {
    const asked = http.get(`${url}/readyz`, { agent: false }, (res) => (res.resume(), resolve(res.statusCode === 200)));
    asked.once("error", () => resolve(false));
  });
}

/** What gates hold on to that no longer have callers, and how they end. */
exports.whatIsLeft = async function whatIsLeft({ gates, links }) {
  const violations = [];
  for (const { index, url, pid } of gates) {
    const port = Number(new URL(url).port);
    const open = async () => openSockets(pid()).filter((local) => local === port).length;
    for (let waited = 0; (await open()) > 0 && waited < CLOSED_MS; waited += 100) await sleep(100);
    if ((await open()) > 0) violations.push(`node-${index} keeps ${await open()} sockets of callers who have left`);
    const connections = links[index].postgres.connections();
    if (connections > MOST_CONNECTIONS) violations.push(`node-${index} has ${connections} connections to PostgreSQL`);
  }
  const sum = (name) => gates.reduce((total, gate) => total + gate[name], 0);
  const counted = { starts: sum("starts"), refusedStarts: sum("refusedStarts") };
  const codes = await Promise.all(gates.map((gate) => gate.end()));
  violations.push(
    ...codes.flatMap((code, index) => (code === 0 ? [] : [`node-${index} ended with ${code} when it was told to`])),
  );
  const kept = links.map((link) => link.postgres.connections() + link.redis.connections());
  violations.push(
    ...kept.flatMap((count, index) => (count === 0 ? [] : [`node-${index} left ${count} connections open`])),
  );
  return { ...counted, violations };
};

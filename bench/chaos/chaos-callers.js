const { setTimeout: sleep } = require("node:timers/promises");
const { Pool } = require("undici");
const { DIALECTS } = require("../support/dialects");
const { endOfStream, isUnrecorded, isWholeAnswer, wrongRefusal } = require("./envelopes");

const PAUSE_MS = [10, 90];
/** Longer than any fault: who waits so long is not answered at all. */
const PATIENCE_MS = 40_000;
const LAST_PIECE = 3;

/**
 * Callers of all dialects, streamed and not, at every gate. Each call is kept: who asked what of whom with which key, when
 * it was sent, when its head came and when it was over, and its `outcome`: `ok`, `refused`, `failed` (a stream that
 * said so), `cut` off or `unreachable`, or in words what was wrong with the answer.
 */
exports.startCallers = function startCallers(gates, { keys, perGate, random }) {
  const calls = [];
  const pools = new Map();
  let [running, made] = [true, 0];
  const workers = gates.flatMap((gate) => Array.from({ length: perGate }, (_, index) => work(gate, index)));

  async function work(gate, index) {
    for (let turn = index; running; turn += 1) {
      await sleep(PAUSE_MS[0] + random.below(PAUSE_MS[1]));
      if (gate.url !== null) calls.push(await callOnce(gate, turn, keys.pick()));
    }
  }

  async function callOnce(gate, turn, key) {
    const dialect = DIALECTS[turn % DIALECTS.length];
    const mark = `call-${(made += 1)}-of-${gate.index}`;
    const call = { gate: gate.index, key, path: dialect.path, stream: turn % 2 === 0, mark, sentAt: performance.now() };
    const pool = poolOf(gate.url);
    return Object.assign(call, await ask(pool, dialect, call), { endedAt: performance.now() });
  }

  function poolOf(url) {
    if (!pools.has(url)) pools.set(url, new Pool(url, { connections: 50 }));
    return pools.get(url);
  }

  return {
    calls,
    callOnce,
    async stop() {
      running = false;
      await Promise.all(workers);
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
};

async function ask(pool, dialect, { key, mark, stream }) {
  const seen = { status: null, requestId: null, headAt: null };
  try {
    const {
      statusCode: status,
      headers,
      body,
    } = await pool.request({
      ...{ method: "POST", path: `/v1${dialect.path}`, headersTimeout: PATIENCE_MS, bodyTimeout: PATIENCE_MS },
      headers: { authorization: `Bearer ${key.key}`, "content-type": "application/json", "x-request-id": mark },
      body: JSON.stringify({ ...dialect.body(mark), stream }),
    });
    Object.assign(seen, { status, requestId: headers["x-request-id"], headAt: performance.now() });
    const text = await body.text();
    const unrecorded = isUnrecorded(status, text);
    return { ...seen, unrecorded, outcome: outcomeOf(dialect, { status, headers, text, mark, stream }) };
  } catch (error) {
    const late = /TIMEOUT/.test(error.code ?? "");
    return { ...seen, outcome: late ? "no answer at all" : seen.status === null ? "unreachable" : "cut" };
  }
}

function outcomeOf(dialect, { status, headers, text, mark, stream }) {
  if (status !== 200) return wrongRefusal(dialect, { status, headers, text }) ?? "refused";
  const lastPiece = `piece ${LAST_PIECE} for ${mark}`;
  if (stream) return endOfStream(dialect, text, lastPiece);
  return isWholeAnswer(text, lastPiece) ? "ok" : "a 200 that is not the answer";
}

/**
 * Clients that go away at a random byte of their answer: `node bench/audit-aborts.js [ABORTS] [--seed 1]`. Prints one line
 * of JSON; exits 1 when a call has not exactly one ending, when one is called `ok` whose bytes were not all written, when
 * the client had all and it is not `ok`, or when the provider was cancelled later than 250 ms (99 of 100).
 */
const net = require("node:net");
const { once } = require("node:events");
const { parseArgs } = require("node:util");
const { setTimeout: sleep } = require("node:timers/promises");
const { built } = require("./support/build");
const { DIALECTS } = require("./support/dialects");
const { startFakeProvider } = require("./support/fake-provider");
const { prepareGate, startGate } = require("./support/gate-process");

const { openSqlite } = built("adapters/stores/sqlite-driver.js");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: "string", default: "1" }, connections: { type: "string", default: "16" } },
});
const aborts = Number(positionals[0] ?? 10_000);
let state = Number(values.seed);

void main();

async function main() {
  const leftAt = new Map();
  const cancelledAfter = [];
  const cancelled = (mark) => leftAt.has(mark) && cancelledAfter.push(performance.now() - leftAt.get(mark));
  const provider = await startFakeProvider({ pieces: 8, pauseMs: 3, cancelled });
  const site = prepareGate(provider.url);
  const gate = await startGate(site);
  try {
    const whole = new Map();
    const calls = [];
    for (const dialect of DIALECTS) {
      for (const stream of [false, true]) {
        const { head, body } = await call({ gate, site, dialect, stream, mark: markOf("full", whole.size) }, Infinity);
        whole.set(`${dialect.path} ${stream}`, { wire: head + body, body });
      }
    }
    const worker = async () => {
      for (let index = calls.length; index < aborts; index = calls.length) {
        const dialect = DIALECTS[random(DIALECTS.length)];
        const stream = random(4) > 0;
        const made = { dialect, stream, mark: markOf("call", index), wanted: whole.get(`${dialect.path} ${stream}`) };
        calls.push(made);
        const cut = random(made.wanted.wire + 20);
        const { head, body, whole: all } = await call({ gate, site, ...made }, cut, leftAt);
        Object.assign(made, { received: head + body, all });
      }
    };
    await Promise.all(Array.from({ length: Number(values.connections) }, worker));
    await sleep(500);
    gate.kill("SIGTERM");
    await gate.ended;
    const result = { aborts, ...judge(site, calls), ...latency(cancelledAfter) };
    console.log(JSON.stringify(result));
    const { endings, wrongOk, missedOk, cancelledP99Ms } = result;
    process.exitCode = endings === "one each" && wrongOk + missedOk === 0 && cancelledP99Ms <= 250 ? 0 : 1;
  } finally {
    gate.kill("SIGKILL");
    provider.close();
    site.remove();
  }
}

/** Reads `cut` bytes of the answer and goes away; gives the bytes of head and body that came, and whether that was all. */
async function call({ gate, site, dialect, stream, mark }, cut, leftAt = new Map()) {
  const body = JSON.stringify({ ...dialect.body(mark), stream });
  const lines = [
    `POST /v1${dialect.path} HTTP/1.1`,
    ...["host: gate", "connection: close", "content-type: application/json", `x-request-id: ${mark}`],
    ...[`authorization: Bearer ${site.key}`, `content-length: ${Buffer.byteLength(body)}`],
  ];
  const socket = net.connect(Number(new URL(gate.url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(`${lines.join("\r\n")}\r\n\r\n${body}`);
  let received = Buffer.alloc(0);
  if (cut === 0) await sleep(random(30));
  else {
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length >= cut) socket.destroy();
    });
    await once(socket, "close");
  }
  leftAt.set(mark, performance.now());
  socket.destroy();
  const head = received.indexOf("\r\n\r\n") + 4;
  return { head, body: received.length - head, whole: isWhole(received, head) };
}

function isWhole(received, head) {
  const text = received.toString("latin1");
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(text)?.[1];
  return length === undefined ? text.endsWith("\r\n0\r\n\r\n") : received.length - head === Number(length);
}

function judge({ database }, calls) {
  const connection = openSqlite(database, { readonly: true });
  const records = connection
    .prepare("select record from audit where node = 'gate-1' and kind <> 'checkpoint'")
    .all()
    .map(({ record }) => JSON.parse(Buffer.from(record).toString()));
  connection.close();
  const intents = records.filter(({ kind }) => kind === "intent");
  const endings = records.filter(({ kind }) => kind === "completion" || kind === "interrupted");
  const ended = new Set(endings.map(({ requestId }) => requestId));
  const lone = intents.every(({ requestId }) => ended.has(requestId)) && endings.length === intents.length;
  const of = new Map(
    records.filter(({ kind }) => kind === "completion").map((record) => [record.clientRequestId, record]),
  );
  const ok = calls.filter(({ mark }) => of.get(mark)?.outcome === "ok");
  const bytesOf = new Map();
  for (const { clientRequestId, outcome, bytesOut, operation, stream } of of.values())
    if (clientRequestId.startsWith("full") && outcome === "ok") bytesOf.set(`${operation} ${stream}`, bytesOut);
  const isShort = ({ operation, stream, bytesOut }) => bytesOut !== bytesOf.get(`${operation} ${stream}`);
  return {
    intents: intents.length,
    endings: lone ? "one each" : "not one each",
    ok: ok.length,
    aborted: calls.filter(({ mark }) => of.get(mark)?.outcome === "client_aborted").length,
    wrongOk: ok.filter(({ mark }) => isShort(of.get(mark))).length,
    missedOk: calls.filter(({ mark, all }) => all && of.get(mark)?.outcome !== "ok").length,
  };
}

function latency(samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { cancelled: sorted.length, cancelledP50Ms: at(0.5), cancelledP99Ms: at(0.99) };
}

/** Always as long, so that all answers of one kind are. */
function markOf(word, index) {
  return `${word}-${String(index).padStart(6, "0")}`;
}

/** The same numbers for the same seed: what the calls look like, not when they are made. */
function random(limit) {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state % Math.max(1, limit);
}

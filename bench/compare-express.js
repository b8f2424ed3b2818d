/**
 * Bare `express` + `express.json()` against the same app behind the gate, in one run: only the ratios carry over to other machines.
 * The app runs in a process of its own; this one makes the load. `npm run bench -- --seconds 5 --rounds 3 --connections 64`
 */
const { fork } = require("node:child_process");
const { once } = require("node:events");
const path = require("node:path");
const { parseArgs } = require("node:util");
const { drive } = require("./load");

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "3" },
    rounds: { type: "string", default: "3" },
    connections: { type: "string", default: "64" },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const connections = Number(values.connections);

const VARIANTS = ["express", "gate-memory", "gate-sqlite"];
const SIZES = [1_000, 50_000];

main();

async function main() {
  for (const size of SIZES) {
    const best = new Map();
    // Rounds go over all variants, so that a noisy minute hits each of them.
    for (let round = 0; round < rounds; round++) {
      for (const variant of VARIANTS) {
        const measured = await measure(variant, size);
        if (measured.perSecond > (best.get(variant)?.perSecond ?? 0)) best.set(variant, measured);
      }
    }
    report(size, best);
  }
}

async function measure(variant, size) {
  const app = fork(path.join(__dirname, "guarded-app.js"), [variant], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  try {
    const [{ port, key }] = await once(app, "message");
    const load = {
      path: "/v1/chat/completions",
      headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
      body: chatBody(size),
      connections,
    };
    await drive(`http://127.0.0.1:${port}`, { ...load, seconds: 1 });
    const before = await cpu(app);
    const measured = await drive(`http://127.0.0.1:${port}`, { ...load, seconds });
    const after = await cpu(app);
    return { ...measured, cpuMicros: (after - before) / measured.requests };
  } finally {
    const gone = once(app, "exit");
    app.disconnect();
    await gone;
  }
}

/** Microseconds of processor time that the app has used. */
async function cpu(app) {
  app.send("cpu");
  const [{ micros }] = await once(app, "message");
  return micros;
}

/** A chat request of `size` bytes: English words, nothing that a filter would find. */
function chatBody(size) {
  const body = (content) => JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content }] });
  const words = "the quick brown fox jumps over the lazy dog and runs on ";
  return body(words.repeat(Math.ceil(size / words.length)).slice(0, size - body("").length));
}

function report(size, best) {
  const base = best.get("express").perSecond;
  console.log(`\n${size / 1000} kB bodies, ${connections} connections, Node ${process.version}`);
  console.log("variant          req/s   ratio   p50 ms   p99 ms   CPU µs");
  for (const [variant, { perSecond, p50Ms, p99Ms, cpuMicros }] of best) {
    const columns = [
      variant.padEnd(12),
      perSecond.toFixed(0).padStart(9),
      (perSecond / base).toFixed(2).padStart(7),
      p50Ms.toFixed(1).padStart(8),
      p99Ms.toFixed(1).padStart(8),
      cpuMicros.toFixed(0).padStart(8),
    ];
    console.log(columns.join(" "));
  }
}

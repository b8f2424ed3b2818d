const { Agent, request } = require("undici");
const { DIALECTS } = require("./dialects");

/**
 * Callers behind a load balancer of sorts: each calls a node whose probe does not say that it is ending, and takes a
 * refusal or a connection that cannot be had to the other. `stop()` counts: `ok`, `elsewhere` (refused by a node that was going away,
 * before anything was done), `lateResets` (sent after the signal, and cut), `broken` (sent before it, and not answered in
 * full), with the reasons of these.
 */
exports.startCallers = function startCallers(nodes, { key, count }) {
  const dispatcher = new Agent({ connections: count, keepAliveTimeout: 60_000 });
  const tally = { ok: 0, elsewhere: 0, lateResets: 0, broken: 0, reasons: {} };
  let running = true;
  const workers = Array.from({ length: count }, async (_, index) => {
    for (let turn = 0; running; turn += 1) {
      const ready = nodes.filter((node) => node.ready);
      const node = ready[(index + turn) % ready.length];
      if (node === undefined) await new Promise((resolve) => setImmediate(resolve));
      else await call(node, index + turn);
    }
  });

  async function call(node, turn) {
    const { gate } = node;
    const dialect = DIALECTS[turn % DIALECTS.length];
    const stream = turn % 2 === 0;
    const sentAt = performance.now();
    const outcome = await send(gate.url, dialect, stream).catch((error) => error.code ?? error.message);
    if (outcome === "ok") tally.ok += 1;
    else if (outcome === "draining" || outcome === "ECONNREFUSED") tally.elsewhere += 1;
    else if (node.gate !== gate || (node.endingSince ?? Infinity) <= sentAt) tally.lateResets += 1;
    else {
      tally.broken += 1;
      tally.reasons[outcome] = (tally.reasons[outcome] ?? 0) + 1;
    }
  }

  async function send(url, dialect, stream) {
    const { statusCode, body } = await request(`${url}/v1${dialect.path}`, {
      ...{ method: "POST", dispatcher },
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ ...dialect.body("hello"), stream }),
    });
    const text = await body.text();
    if (statusCode === 503 && /drain|shutting|restart/i.test(text)) return "draining";
    if (statusCode !== 200) return `status ${statusCode}`;
    return text.includes("piece 4") ? "ok" : "cut short";
  }

  return {
    async stop() {
      running = false;
      await Promise.all(workers);
      await dispatcher.destroy();
      return tally;
    },
  };
};

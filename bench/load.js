const { Pool } = require("undici");

/**
 * Drives `origin` with `connections` kept-alive connections for `seconds`, each with one request under way at a time.
 * Answers { requests, perSecond, p50Ms, p99Ms }; throws on the first answer that is not 200.
 */
exports.drive = async function drive(origin, { path, headers, body, connections, seconds }) {
  const pool = new Pool(origin, { connections });
  const latencies = [];
  const end = performance.now() + seconds * 1000;

  async function worker() {
    for (let started = performance.now(); started < end; started = performance.now()) {
      const { statusCode, body: answer } = await pool.request({ method: "POST", path, headers, body });
      const text = await answer.text();
      if (statusCode !== 200) throw new Error(`status ${statusCode}: ${text.slice(0, 200)}`);
      latencies.push(performance.now() - started);
    }
  }

  const began = performance.now();
  try {
    await Promise.all(Array.from({ length: connections }, worker));
  } finally {
    await pool.destroy();
  }
  const elapsed = (performance.now() - began) / 1000;
  latencies.sort((a, b) => a - b);
  const quantile = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
  return {
    requests: latencies.length,
    perSecond: latencies.length / elapsed,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
  };
};

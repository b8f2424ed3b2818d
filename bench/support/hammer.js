const { clearInterval, setInterval } = require("node:timers");
const { Pool } = require("undici");

const SETTLED = 3;

/**
 * Asks with a key every so many milliseconds, whatever the answers take. `accepted` resolves once it was let in a few
 * times, `rejected` once it is refused after that; `stop()` gives every answer.
 */
exports.hammer = function hammer(origin, key, everyMs) {
  const pool = new Pool(origin, { connections: 10 });
  const [answers, running] = [[], new Set()];
  const accepted = deferred();
  const rejected = deferred();
  let allowed = 0;
  async function ask() {
    const sentAt = performance.now();
    const headers = { authorization: `Bearer ${key}` };
    const { statusCode, body } = await pool.request({ method: "GET", path: "/v1/models", headers });
    await body.dump();
    answers.push({ sentAt, answeredAt: performance.now(), status: statusCode });
    if (statusCode === 200 && (allowed += 1) > SETTLED) accepted.resolve();
    if (statusCode === 401 && allowed > 0) rejected.resolve();
  }
  const timer = setInterval(() => {
    const asking = ask().finally(() => running.delete(asking));
    running.add(asking);
  }, everyMs);
  const stop = async () => {
    clearInterval(timer);
    await Promise.all(running);
    await pool.close();
    return answers;
  };
  return { accepted: accepted.promise, rejected: rejected.promise, stop };
};

function deferred() {
  let resolve;
  const promise = new Promise((given) => (resolve = given));
  return { promise, resolve };
}

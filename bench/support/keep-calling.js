const { setTimeout: sleep } = require("node:timers/promises");
const { Agent, request } = require("undici");
const { DIALECTS } = require("./dialects");

const LATEST_MS = 15_000;

/**
 * So many callers of the gate at `url`, each sending call after call of all dialects, streamed and not. `answered()` counts
 * the calls whose head came; `stop()` resolves with these: `{ requestId, mark, status, stream, caller, turn, whole }`, where
 * `whole` says that the answer came to its end.
 */
exports.keepCalling = function keepCalling({ url, key, callers, round }) {
  const dispatcher = new Agent({ connections: callers });
  const calls = [];
  let running = true;
  async function keepOn(_, caller) {
    for (let turn = 0; running; turn += 1) {
      const dialect = DIALECTS[(caller + turn) % DIALECTS.length];
      const mark = `${round}-${caller}-${turn}`;
      const made = { mark, caller: `${round}-${caller}`, turn, stream: (caller + turn) % 2 === 0, whole: false };
      await call({ url, key, dispatcher, dialect, made }, calls).catch(() => sleep(5));
    }
  }
  const ended = Promise.allSettled(Array.from({ length: callers }, keepOn));
  return {
    answered: () => calls.length,
    /** So many more than now; an error when that takes very long. */
    async untilAnswered(count) {
      const wanted = calls.length + count;
      const latest = performance.now() + LATEST_MS;
      while (calls.length < wanted) {
        if (performance.now() > latest) throw new Error(`${calls.length} of ${wanted} calls were answered in time`);
        await sleep(5);
      }
    },
    async stop() {
      running = false;
      await ended;
      await dispatcher.destroy();
      return calls;
    },
  };
};

async function call({ url, key, dispatcher, dialect, made }, calls) {
  const { statusCode, headers, body } = await request(`${url}/v1${dialect.path}`, {
    ...{ method: "POST", dispatcher },
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", "x-request-id": made.mark },
    body: JSON.stringify({ ...dialect.body(made.mark), stream: made.stream }),
  });
  const answered = { ...made, requestId: headers["x-request-id"], status: statusCode };
  calls.push(answered);
  await body.text();
  answered.whole = true;
}

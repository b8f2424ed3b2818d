const path = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");
const { launchGate } = require("../support/gate-process");

const PRELOAD = path.join(__dirname, "../support/stepped-clock.js");
const PAUSE_MS = 300;

/**
 * A gate's process, started again whenever it has ended, as an operator's supervisor does. `url` is null while it takes no
 * calls; `crashed` is told when one that took calls ended by itself. On the timeline it is `down` from its end until it
 * takes calls again, and `stopped` while it is frozen.
 */
exports.superviseGate = function superviseGate({ index, gateFile, env, log }, { timeline, crashed }) {
  const gate = { index, url: null, starts: 0, refusedStarts: 0 };
  const state = { process: null, ending: false, killed: false, aheadMs: 0, held: Promise.resolve(), up: null };
  const down = () => (state.up ??= timeline.begin("down", index));

  async function serveOnce() {
    const wrongClock = { CLOCK_AHEAD_MS: String(state.aheadMs) };
    state.killed = false;
    state.process = launchGate({ gateFile, log, preload: PRELOAD, env: { ...env, ...wrongClock } });
    gate.url = await state.process.listening.catch(() => null);
    const serves = gate.url !== null;
    if (serves) {
      gate.starts += 1;
      state.up();
      state.up = null;
    } else gate.refusedStarts += 1;
    const code = await state.process.ended;
    Object.assign(gate, { url: null });
    state.process = null;
    down();
    if (serves && !state.killed && !state.ending) crashed(index, code);
    return code;
  }

  async function run() {
    let code = null;
    while (!state.ending) {
      await state.held;
      code = await serveOnce();
      if (!state.ending) await sleep(PAUSE_MS);
    }
    return code;
  }
  down();
  const running = run();

  return Object.assign(gate, {
    pid: () => state.process?.pid,
    /** Gives the function that lets it be started again. */
    kill() {
      let release;
      state.held = new Promise((resolve) => (release = resolve));
      state.killed = true;
      down();
      state.process?.kill("SIGKILL");
      return release;
    },
    freeze() {
      const over = timeline.begin("stopped", index);
      const frozen = state.process;
      frozen?.kill("SIGSTOP");
      return () => {
        frozen?.kill("SIGCONT");
        over();
      };
    },
    stepClock(aheadMs) {
      state.aheadMs = aheadMs;
      state.process?.send({ aheadMs });
    },
    /** In order; gives the exit code. */
    async end() {
      state.ending = true;
      state.process?.kill("SIGTERM");
      return running;
    },
  });
};

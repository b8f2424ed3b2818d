/**
 * Gates on one PostgreSQL and one Redis while everything goes wrong at random:
 * `node bench/chaos.js [--seconds 3600] [--seed N] [--nodes 4] [--callers 3] [--slack 1] [--logs FOLDER]`. Starts a PostgreSQL and a
 * Redis of its own, and so many `llm-gate serve`. Gates are killed, stopped, parted from PostgreSQL and Redis or slowly
 * connected, their clocks stepped, the servers stopped, PostgreSQL's disk and the spools' filled (as root; else skipped, and
 * said so), while callers of all dialects keep calling, and keys are made, rotated and revoked. The seed decides the
 * faults and when they happen, which are told on standard error. Prints one line of JSON; exits 1, with the seed and what was
 * violated, when a call is missing from the trail, was begun without an intent, ended twice or not at all, a chain does
 * not verify, an answer was neither right nor a refusal in its dialect nor on record, a key that had ended was let in more
 * than five seconds after a gate could know, or after that gate had refused it, a working key was refused, a gate ended by
 * itself or kept sockets, or did not serve in full ten seconds after the last fault; on a machine that is busy with other things that may be so many times as long as
 * `slack` says, as may the ten seconds that any one answer may take. 2: there is no PostgreSQL or Redis.
 */
const { randomInt } = require("node:crypto");
const { setTimeout: sleep } = require("node:timers/promises");
const { parseArgs } = require("node:util");
const { startCallers } = require("./chaos/chaos-callers");
const { startSite } = require("./chaos/chaos-site");
const { runFaults } = require("./chaos/faults");
const { judgeCalls } = require("./chaos/judge-calls");
const { judgeTrail } = require("./chaos/judge-trail");
const { startKeyLife } = require("./chaos/key-life");
const { untilFullService, whatIsLeft } = require("./chaos/recovery");
const { faultSchedule } = require("./chaos/schedule");
const { createTimeline } = require("./chaos/timeline");
const { seeded } = require("./dlp/random");
const { findPostgres } = require("./support/own-postgres");
const { findProgram } = require("./support/own-program");

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "3600" },
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
    nodes: { type: "string", default: "4" },
    callers: { type: "string", default: "3" },
    slack: { type: "string", default: "1" },
    logs: { type: "string" },
  },
});
const [seconds, seed, nodes] = [values.seconds, values.seed, values.nodes].map(Number);
const slack = Number(values.slack);
const SHOWN = 20;
const say = (line) => console.error(line);

void main();

async function main() {
  const missing = [findPostgres() === null && "PostgreSQL", findProgram("redis-server") === null && "Redis"];
  const lacking = missing.filter(Boolean).join(" and ");
  if (lacking !== "") {
    say(`${lacking} is not installed`);
    process.exitCode = 2;
    return;
  }
  say(`seed ${seed}, ${seconds} s, ${nodes} nodes`);
  report(await underFaults());
}

async function underFaults() {
  const timeline = createTimeline();
  const crashes = [];
  const crashed = (gate, code) => crashes.push(`node-${gate} ended by itself with ${code}`);
  const site = await startSite({ nodes, logs: values.logs }, { timeline, crashed });
  const random = seeded(seed + 1);
  try {
    const keys = await startKeyLife(site.admin, random);
    const callers = startCallers(site.gates, { keys, perGate: Number(values.callers), random });
    await untilFullService(site, callers, keys);
    const faults = faultSchedule({ seed, seconds, nodes });
    await runFaults(faults, { site, timeline, say });
    const service = await untilFullService(site, callers, keys, slack);
    await keys.stop();
    await sleep(1_000);
    await callers.stop();
    const left = await whatIsLeft(site);
    const judged = judgeCalls(callers.calls, timeline, slack);
    const trail = await judgeTrail(site, callers.calls);
    const violations = [
      ...crashes,
      ...service.violations,
      ...left.violations,
      ...judged.violations,
      ...trail.violations,
    ];
    const { refusedStarts, starts } = left;
    return {
      ...{ faults: faults.length, starts, refusedStarts, fullServiceMs: service.ms, calls: callers.calls.length },
      ...{ ...judged, trail: trail.counts, keys: keys.counts, violations },
    };
  } finally {
    await site.remove();
  }
}

function report({ violations, ...measured }) {
  console.log(
    JSON.stringify({
      seed,
      seconds,
      nodes,
      ...measured,
      violated: violations.length,
      violations: violations.slice(0, SHOWN),
    }),
  );
  if (violations.length === 0) return;
  process.exitCode = 1;
  say(`seed ${seed}: ${violations.length} violated\n${violations.slice(0, SHOWN).join("\n")}`);
}

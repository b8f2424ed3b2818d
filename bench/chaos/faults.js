const { setTimeout: sleep } = require("node:timers/promises");

/** Of these gates cannot see what is in the database; a full one goes down, or does not. */
const BLIND = "blind";

/**
 * How each kind of fault begins, with the function that ends it. What keeps a gate from knowing the database is `blind` on
 * the timeline meanwhile.
 */
const BEGIN = {
  "kill a gate": ({ gate }) => gate.kill(),
  "stop a gate": ({ gate }) => gate.freeze(),
  "part a gate from PostgreSQL": parted,
  "slow a gate's way to PostgreSQL": ({ link, size }) => slowed(link.postgres, size),
  "part a gate from Redis": ({ link }) => (link.redis.part(), link.redis.join),
  "slow a gate's way to Redis": ({ link, size }) => slowed(link.redis, size),
  "step a gate's clock": ({ gate, size }) => (gate.stepClock(size), () => gate.stepClock(0)),
  "stop Redis": ({ site }) => (site.redis.freeze(), site.redis.thaw),
  "stop PostgreSQL": ({ site, timeline }) => {
    const over = timeline.begin(BLIND);
    site.postgres.freeze();
    return () => {
      site.postgres.thaw();
      over();
    };
  },
  "fill PostgreSQL's disk": ({ site, timeline }) => {
    const over = timeline.begin(BLIND);
    site.disks.postgres.fill();
    return async () => {
      site.disks.postgres.empty();
      await site.postgres.revive();
      over();
    };
  },
  "part a gate from PostgreSQL and fill its spool's disk": (scene) => {
    scene.site.disks.spools.fill();
    const join = parted(scene);
    return () => {
      scene.site.disks.spools.empty();
      join();
    };
  },
};

function parted({ link, gate, timeline }) {
  const over = timeline.begin(BLIND, gate.index);
  link.postgres.part();
  return () => {
    link.postgres.join();
    over();
  };
}

function slowed(relay, ms) {
  relay.delay(ms);
  return () => relay.delay(0);
}

exports.BLIND = BLIND;

/** Lets the faults happen as they are scheduled, and says so. Resolves when the last is over. */
exports.runFaults = async function runFaults(faults, { site, timeline, say }) {
  const started = performance.now();
  const since = () => ((performance.now() - started) / 1_000).toFixed(1).padStart(7);
  const happen = async (fault) => {
    await sleep(Math.max(0, fault.at - (performance.now() - started)));
    const text = describe(fault);
    if (fault.kind.includes("disk") && site.disks === null)
      return say(`${since()} s  skipped: ${text}: ${site.noDisks}`);
    say(`${since()} s  ${text}`);
    const { [fault.gate]: gate } = site.gates;
    const { [fault.gate]: link } = site.links;
    const end = await BEGIN[fault.kind]({ site, timeline, gate, link, size: fault.size });
    await sleep(Math.max(0, fault.until - (performance.now() - started)));
    await end();
    say(`${since()} s  over: ${text}`);
  };
  await Promise.all(faults.map(happen));
};

function describe({ kind, gate, size, at, until }) {
  const where = gate === null ? "" : `, node-${gate}`;
  const how = size === null ? "" : `, ${size} ms`;
  return `${kind}${where}${how}, for ${((until - at) / 1_000).toFixed(1)} s`;
}

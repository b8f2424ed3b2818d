const { seeded } = require("../dlp/random");

/**
 * Every kind of fault: how long it lasts in seconds, `of` what (each gate has a link to PostgreSQL and one to Redis, and the
 * second of every two a spool), and, where it has a size, that. Faults of one thing never overlap; of different things any
 * three may.
 */
const KINDS = {
  "kill a gate": { of: "gate", lasts: [0, 2] },
  "stop a gate": { of: "gate", lasts: [0.3, 8] },
  "part a gate from PostgreSQL": { of: "link to PostgreSQL", lasts: [0.5, 8] },
  "slow a gate's way to PostgreSQL": { of: "link to PostgreSQL", lasts: [1, 8], size: [20, 300] },
  "part a gate from Redis": { of: "link to Redis", lasts: [0.5, 8] },
  "slow a gate's way to Redis": { of: "link to Redis", lasts: [1, 8], size: [20, 1_000] },
  "step a gate's clock": { of: "clock", lasts: [1, 10], size: [-600_000, 600_000] },
  "stop Redis": { of: "Redis", lasts: [0.5, 8] },
  "stop PostgreSQL": { of: "PostgreSQL", lasts: [0.3, 5] },
  "fill PostgreSQL's disk": { of: "PostgreSQL", lasts: [0.5, 4] },
  "part a gate from PostgreSQL and fill its spool's disk": { of: "link to PostgreSQL", lasts: [1, 6], spooled: true },
};

/** Dealt out anew each time that all are used up, so that a run of any length sees all kinds. */
const DECK = [
  ...["kill a gate", "kill a gate", "kill a gate", "stop a gate", "stop a gate"],
  ...["part a gate from PostgreSQL", "part a gate from PostgreSQL", "slow a gate's way to PostgreSQL"],
  ...["part a gate from Redis", "slow a gate's way to Redis", "step a gate's clock", "step a gate's clock"],
  ...["stop Redis", "stop PostgreSQL", "fill PostgreSQL's disk"],
  "part a gate from PostgreSQL and fill its spool's disk",
];

const MOST_AT_ONCE = 3;
const OF_EACH_GATE = new Set(["gate", "link to PostgreSQL", "link to Redis", "clock"]);

/**
 * The faults of a run of so many seconds, in order, as the seed has it and nothing else: `{ at, until, kind, gate, size }`,
 * in milliseconds from the start of the run; `gate` is null where the fault is everybody's.
 */
exports.faultSchedule = function faultSchedule({ seed, seconds, nodes }) {
  const random = seeded(seed);
  const [faults, deck] = [[], []];
  for (let at = 0.5; at < seconds - 1; at += between(random, [0.1, 1.2])) {
    if (deck.length === 0) deck.push(...shuffled(DECK, random));
    const kind = deck.pop();
    const fault = { at, kind, ...drawn(KINDS[kind], { random, seconds, nodes, at }) };
    const meanwhile = faults.filter((other) => other.until > fault.at);
    const isFree = meanwhile.length < MOST_AT_ONCE && meanwhile.every(({ lane }) => lane !== fault.lane);
    if (isFree) faults.push(fault);
    else deck.unshift(kind);
  }
  return faults.map(({ at, until, kind, gate, size }) => ({ at: at * 1_000, until: until * 1_000, kind, gate, size }));
};

function drawn({ of, lasts: [least, most], size, spooled }, { random, seconds, nodes, at }) {
  const until = Math.min(seconds, at + between(random, [least, Math.min(most, seconds / 3)]));
  const anyGate = spooled ? 2 * random.below(Math.floor(nodes / 2)) + 1 : random.below(nodes);
  const gate = OF_EACH_GATE.has(of) ? anyGate : null;
  return { until, gate, size: size ? Math.round(between(random, size)) : null, lane: `${of} of ${gate}` };
}

function between(random, [least, most]) {
  return least + random.below(Math.round((most - least) * 1_000)) / 1_000;
}

function shuffled(list, random) {
  const left = [...list];
  return list.map(() => left.splice(random.below(left.length), 1)[0]);
}

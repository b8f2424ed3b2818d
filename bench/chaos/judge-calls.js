const { BLIND } = require("./faults");

const BOUND_MS = 5_000;
const LONGEST_WAIT_MS = 10_000;
const ANSWERED = ["ok", "refused", "failed"];
const GONE = ["cut", "unreachable"];

/**
 * What callers saw that they must not see, one sentence each, and what was measured of the rest.
 *
 * A key that has ended is let in for at most five seconds. The time counts from its end, and where the gate was stopped,
 * or cut off from the database, after that, from when it no longer was: before that it could not know. A call that was
 * sent to a stopped gate counts as sent when the gate went on.
 */
exports.judgeCalls = function judgeCalls(calls, timeline, slack = 1) {
  const outlived = calls
    .filter((call) => call.status === 200)
    .map((call) => ({ call, lateMs: lateness(call, timeline) }));
  const waits = calls.filter(
    ({ gate, sentAt, endedAt }) => !timeline.during(gate, ["stopped", "down"], sentAt, endedAt),
  );
  const refusals = waits.filter(({ outcome }) => outcome === "refused").map(({ sentAt, headAt }) => headAt - sentAt);
  return {
    counts: countsOf(calls),
    lateMaxMs: Math.round(Math.max(0, ...outlived.map(({ lateMs }) => lateMs))),
    slowestRefusalMs: Math.round(Math.max(0, ...refusals)),
    violations: [
      ...calls.flatMap((call) => wrongAnswer(call, timeline)),
      ...outlived
        .filter(({ lateMs }) => lateMs > BOUND_MS)
        .map(({ call, lateMs }) => `${nameOf(call)}: let in ${Math.round(lateMs)} ms after its key ended`),
      ...relapses(calls),
      ...waits
        .filter(({ sentAt, endedAt }) => endedAt - sentAt > slack * LONGEST_WAIT_MS)
        .map((call) => `${nameOf(call)}: over after ${Math.round(call.endedAt - call.sentAt)} ms`),
    ],
  };
};

function nameOf({ mark, gate, path, stream, key }) {
  return `${mark} (node-${gate}, ${path}${stream ? ", streamed" : ""}, key ${key.id})`;
}

function countsOf(calls) {
  const counts = {};
  for (const { outcome, status } of calls) {
    const name = outcome === "refused" ? `refused with ${status}` : outcome;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function wrongAnswer(call, timeline) {
  const { outcome, gate, sentAt, endedAt, status, headAt, key } = call;
  if (GONE.includes(outcome)) {
    return timeline.during(gate, ["down"], sentAt, endedAt)
      ? []
      : [`${nameOf(call)}: ${outcome}, by a gate that was running`];
  }
  if (!ANSWERED.includes(outcome)) return [`${nameOf(call)}: ${outcome}`];
  return status === 401 && headAt < key.doomedAt ? [`${nameOf(call)}: 401 for a key that works`] : [];
}

function lateness({ gate, key, sentAt }, timeline) {
  const judgedAt = timeline.overAfter(gate, ["stopped"], sentAt);
  return judgedAt - Math.max(key.deadAt, timeline.lastBefore(gate, [BLIND, "stopped"], judgedAt));
}

/** Once a gate refused a key it never lets it in again, not after a restart either. */
function relapses(calls) {
  const refusedAt = new Map();
  const place = ({ gate, key }) => `${gate} ${key.id}`;
  for (const call of calls.filter(({ status }) => status === 401)) {
    refusedAt.set(place(call), Math.min(call.headAt, refusedAt.get(place(call)) ?? Infinity));
  }
  const relapsed = calls.filter(
    (call) => call.status === 200 && call.sentAt > (refusedAt.get(place(call)) ?? Infinity),
  );
  return relapsed.map((call) => `${nameOf(call)}: let in after this gate had refused its key`);
}

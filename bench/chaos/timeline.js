/**
 * What was wrong with which gate, and when: `begin(what, gate)` gives the function that ends it; gate null is all of them.
 * Times are of the clock of `performance`.
 */
exports.createTimeline = function createTimeline() {
  const spans = [];
  const of = (gate, kinds) =>
    spans.filter((span) => kinds.includes(span.what) && (span.gate === null || span.gate === gate));
  return {
    begin(what, gate = null) {
      const span = { what, gate, from: performance.now(), to: Infinity };
      spans.push(span);
      return () => (span.to = performance.now());
    },
    /** Whether any of these was so at some time between. */
    during: (gate, kinds, from, to) => of(gate, kinds).some((span) => span.from <= to && span.to >= from),
    /** The last moment before `time` at which one of these was so; -Infinity when there was none. */
    lastBefore: (gate, kinds, time) =>
      Math.max(
        -Infinity,
        ...of(gate, kinds)
          .filter(({ from }) => from < time)
          .map(({ to }) => Math.min(to, time)),
      ),
    /** When it was over what was so at `time`; `time` itself when nothing was. */
    overAfter: (gate, kinds, time) =>
      Math.max(
        time,
        ...of(gate, kinds)
          .filter(({ from, to }) => from <= time && to > time)
          .map(({ to }) => to),
      ),
  };
};

const QUESTIONS = ["findKey", "findKeys", "catalogue", "epoch", "changesSince"];

/** The same store, and how often and when its read side was asked: `times` are those of look-ups of keys. */
exports.countedStore = function countedStore(store) {
  const counts = Object.fromEntries(QUESTIONS.map((name) => [name, 0]));
  const times = [];
  const counted = QUESTIONS.map((name) => [
    name,
    (...given) => {
      counts[name] += 1;
      if (name.startsWith("findKey")) times.push(performance.now());
      return store[name](...given);
    },
  ]);
  return { store: { ...store, ...Object.fromEntries(counted) }, counts, times };
};

/** The most of these moments that lie within one second. */
exports.mostPerSecond = function mostPerSecond(times) {
  let [most, from] = [0, 0];
  for (let to = 0; to < times.length; to += 1) {
    while (times[to] - times[from] > 1_000) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most;
};

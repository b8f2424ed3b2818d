const CLASSES = {
  9: "0123456789",
  A: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  a: "abcdefghijklmnopqrstuvwxyz",
  X: "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
  x: "abcdefghijklmnopqrstuvwxyz0123456789",
  h: "0123456789abcdef",
  w: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
  u: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-",
};

/**
 * A sequence that the seed decides. `fill` replaces `{9:4}` by four random digits; other classes: A capitals, a small letters,
 * X and x with digits, h hexadecimal, w letters and digits, u with `_` and `-`.
 */
exports.seeded = function seeded(seed) {
  let state = seed >>> 0;
  const below = (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const pick = (list) => list[below(list.length)];
  const run = (name, length) => Array.from({ length }, () => pick(CLASSES[name])).join("");
  const fill = (template) => template.replace(/\{(\w):(\d+)\}/g, (_, name, length) => run(name, Number(length)));
  return { below, pick, run, fill };
};

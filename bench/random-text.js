/** Texts of the kind that hold-back could get wrong: whole findings, their beginnings and ends, and what they are mistaken for. */
const WORDS = [
  "the",
  "of ",
  "In 2024",
  "12:30",
  "v1.2.3",
  "$4,000",
  "e.g.",
  "a-b",
  "—",
  "日本語",
  "x",
  "😀",
  "I",
  "OK",
];
const FINDINGS = [
  "alice@example.com",
  "bob.smith+x@mail.example.co.uk",
  "4111111111111111",
  "4111 1111 1111 1111",
  "4012-8888-8888-1881",
  "3782 822463 10005",
  "５１０５ 1051 0510 5100",
  "4111\u200b1111 1111 1111",
  "-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQEA7bq8Pz\n-----END PRIVATE KEY-----",
  "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIIGr\nMHcCAQEEIIGr3mC1\n",
  "Blue Heron Rising",
  "blue  heron\nrising",
  "blue whale",
  "PRJ-7",
  "PRJ-7x",
  "ababab",
  "\ud835\udfd2111 1111 1111 1111",
  "git@host:repo",
  "user@host.",
  "ab\u00adab",
];
const SEPARATORS = [
  " ",
  " ",
  " ",
  "\n",
  ", ",
  "",
  "",
  ": ",
  "\t",
  "-",
  ".",
  "\n\n",
  "  ",
  "\u200b",
  "\u00a0",
  "'",
  '"',
  "/",
  "@",
];

/** mulberry32: the same seed gives the same numbers everywhere. */
function numbers(seed) {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function randomText(seed, findings = FINDINGS) {
  const next = numbers(seed);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const parts = [];
  const most = next() < 0.05 ? 300 : 14;
  for (let count = 1 + Math.floor(next() * most); count > 0; count -= 1) {
    const finding = pick(findings);
    const kind = next();
    if (kind < 0.35) parts.push(finding);
    else if (kind < 0.5) parts.push(finding.slice(0, Math.ceil(next() * finding.length)));
    else if (kind < 0.6) parts.push(finding.slice(Math.floor(next() * finding.length)));
    else parts.push(pick(WORDS));
    parts.push(pick(SEPARATORS));
  }
  return parts.join("");
}

/** Deltas of one to seven characters mostly; some longer, some empty. */
function randomDeltas(text, seed) {
  const next = numbers(seed + 0.5);
  const deltas = [];
  for (let at = 0; at < text.length;) {
    const length = next() < 0.1 ? Math.floor(next() * 60) : 1 + Math.floor(next() * 7);
    deltas.push(text.slice(at, at + length));
    at += length;
  }
  return deltas;
}

module.exports = { FINDINGS, numbers, randomDeltas, randomText };

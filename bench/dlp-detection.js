/**
 * What the built-in detectors find, and what it costs. `npm run build && node bench/dlp-detection.js`
 * Prints precision, recall and F1 per entity on texts made from published formats, findings of secrets in other people's
 * published code, the time for 100 kB cold and seen before, the slowest hostile megabyte, and ratios to other packages,
 * as far as they are installed or BENCH_MODULES names a folder that has them. `--json` prints the same for scripts.
 */
const { built } = require("./support/build");

const { builtInDetectors } = built("adapters/detectors/built-in.js");
const { compileCustomRule } = built("adapters/detectors/custom-rules.js");
const { createDlpEngine } = built("lib/dlp/create-engine.js");
const { scanText } = built("lib/dlp/scan-text.js");
const { textDigest } = built("lib/text-digest.js");
const { cleanCode } = require("./dlp/clean-code");
const { hostileTexts, randomTexts } = require("./dlp/hostile");
const { labelledSet } = require("./dlp/labelled-set");
const { mixedText } = require("./dlp/mixed-text");
const { others } = require("./dlp/others");
const { randomLists } = require("./dlp/random-lists");
const { score } = require("./dlp/score");

const CLEAN_CHARACTERS = 60_000_000;
const LIST_CHARACTERS = 400_000;
const detectors = builtInDetectors();
const secrets = new Set(detectors.flatMap((detector) => detector.secrets ?? []));
const round = (number, digits = 2) => Number(number.toFixed(digits));

async function scores() {
  const cases = labelledSet();
  const found = [];
  for (const { text } of cases) found.push(await scanText(text, detectors));
  const rates = Object.entries(score(cases, found)).sort(([one], [other]) => one.localeCompare(other));
  return { texts: cases.length, entities: Object.fromEntries(rates) };
}

/** Secrets found in texts that have none: how many per megabyte, and of which kinds. */
function cleanFindings(texts) {
  let characters = 0;
  const kinds = {};
  for (const text of texts) {
    characters += text.length;
    for (const { detect, secrets: own } of detectors) {
      if (own === undefined) continue;
      for (const { entity, score: sure } of detect(text)) {
        if (secrets.has(entity) && sure >= 0.5) kinds[entity] = (kinds[entity] ?? 0) + 1;
      }
    }
  }
  const total = Object.values(kinds).reduce((sum, count) => sum + count, 0);
  return { megabytes: round(characters / 1e6), perMegabyte: round(total / (characters / 1e6)), kinds };
}

function* publishedCode() {
  for (const { text } of cleanCode(CLEAN_CHARACTERS)) yield text;
}

async function median(runs, run) {
  const times = [];
  for (let at = 0; at < runs; at++) {
    const startedAt = performance.now();
    await run(at);
    times.push(performance.now() - startedAt);
  }
  return times.sort((one, other) => one - other)[Math.floor(runs / 2)];
}

function inspection() {
  const monotonic = () => performance.now();
  const engine = createDlpEngine({ detectors, compileCustomRule, monotonic, digest: textDigest });
  const request = Object.fromEntries(engine.entities.map((entity) => [entity, "report"]));
  const policy = engine.policyFor("request", [{ request, response: {}, custom: [] }]);
  const signal = new AbortController().signal;
  return (content) => engine.inspect([{ path: [], role: "user", text: content, rewritable: true }], [], policy, signal);
}

/** Milliseconds for 100 kB; other packages with how many times as long as a cold inspection they take. */
async function speed() {
  const text = mixedText(100_000);
  const inspect = inspection();
  // The last characters make each text a new one.
  const cold = await median(40, (at) => inspect(`${text.slice(0, -6)}${String(at).padStart(6)}`));
  const seen = await median(40, () => inspect(text));
  const raw = await median(40, async () => detectors.forEach(({ detect }) => detect(text)));
  const compared = {};
  for (const [name, run] of Object.entries(await others())) {
    const ms = run === null ? null : await median(5, () => run(text));
    compared[name] = ms === null ? null : { ms: round(ms), ratio: round(ms / cold) };
  }
  return { detectorsMs: round(raw), coldMs: round(cold), seenMs: round(seen), others: compared };
}

/**
 * Per detector the text of 1 MB that takes longest, of those that repeat a piece and of random ones, as processor time: what
 * else the machine does is not counted.
 */
function hostile() {
  const [repeated, random] = [hostileTexts(1_000_000), randomTexts(1_000_000)];
  return detectors.map(({ name, detect }) => {
    const [worst, worstRandom] = [slowest(detect, repeated), slowest(detect, random)];
    return { detector: name, ...worst, randomMs: worstRandom.ms, ofRandom: worstRandom.of };
  });
}

function slowest(detect, texts) {
  const runs = texts.map(({ piece, text }) => ({
    ms: round(
      quickest(() => detect(text)),
      0,
    ),
    of: piece,
  }));
  return runs.reduce((worst, run) => (run.ms > worst.ms ? run : worst));
}

/** The best of three runs: the first one compiles. */
function quickest(run) {
  const times = [0, 1, 2].map(() => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

function print({ labelled, clean, lists, speed: { detectorsMs, coldMs, seenMs, others: compared }, hostile: worst }) {
  console.log(`${labelled.texts} labelled texts`);
  console.table(
    Object.entries(labelled.entities).map(([entity, { precision, recall, f1, ...counts }]) => ({
      entity,
      ...{ precision: round(precision), recall: round(recall), f1: round(f1, 3) },
      ...{ found: counts.truePositives, wrong: counts.falsePositives, missed: counts.falseNegatives },
    })),
  );
  console.log(`clean code: ${clean.perMegabyte} secrets per MB in ${clean.megabytes} MB`, clean.kinds);
  console.log(`lists of ids and digests: ${lists.perMegabyte} secrets per MB in ${lists.megabytes} MB`, lists.kinds);
  console.log(
    `100 kB of mixed text: detectors ${detectorsMs} ms, inspection cold ${coldMs} ms, seen before ${seenMs} ms`,
  );
  for (const [name, taken] of Object.entries(compared)) {
    console.log(taken === null ? `${name}: not installed` : `${name}: ${taken.ms} ms, ${taken.ratio} times as long`);
  }
  console.table(worst);
}

async function main() {
  const clean = cleanFindings(publishedCode());
  const lists = cleanFindings(randomLists(LIST_CHARACTERS).map(([, text]) => text));
  const results = { labelled: await scores(), clean, lists, speed: await speed(), hostile: hostile() };
  if (process.argv.includes("--json")) console.log(JSON.stringify(results, null, 2));
  else print(results);
}

void main();

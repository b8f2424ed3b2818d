/**
 * What the built-in detectors find, and what it costs. `npm run build && node bench/dlp-detection.js`
 * Prints precision, recall and F1 per entity on texts made from published formats, findings of secrets in other people's
 * published code, the time for 100 kB cold and seen before, the slowest hostile megabyte, and ratios to other packages.
 */
const { built } = require("./support/build");

const { builtInDetectors } = built("adapters/detectors/built-in.js");
const { compileCustomRule } = built("adapters/detectors/custom-rules.js");
const { createDlpEngine } = built("lib/dlp/create-engine.js");
const { scanText } = built("lib/dlp/scan-text.js");
const { textDigest } = built("lib/text-digest.js");
const { cleanCode } = require("./dlp/clean-code");
const { hostileTexts } = require("./dlp/hostile");
const { labelledSet } = require("./dlp/labelled-set");
const { mixedText } = require("./dlp/mixed-text");
const { others } = require("./dlp/others");
const { score } = require("./dlp/score");

const CLEAN_CHARACTERS = 60_000_000;
const detectors = builtInDetectors();
const secrets = new Set(detectors.flatMap((detector) => detector.secrets ?? []));
const two = (number) => number.toFixed(2);

async function printScores() {
  const cases = labelledSet();
  const found = [];
  for (const { text } of cases) found.push(await scanText(text, detectors));
  const rows = Object.entries(score(cases, found)).map(([entity, { precision, recall, f1, ...counts }]) => ({
    entity,
    ...{ precision: two(precision), recall: two(recall), f1: f1.toFixed(3) },
    ...{ found: counts.truePositives, wrong: counts.falsePositives, missed: counts.falseNegatives },
  }));
  console.log(`${cases.length} labelled texts`);
  console.table(rows.sort((one, other) => one.entity.localeCompare(other.entity)));
}

function printCleanCode() {
  let characters = 0;
  const found = new Map();
  for (const { text } of cleanCode(CLEAN_CHARACTERS)) {
    characters += text.length;
    for (const { detect, secrets: own } of detectors) {
      if (own === undefined) continue;
      for (const { entity, score: sure } of detect(text)) {
        if (secrets.has(entity) && sure >= 0.5) found.set(entity, (found.get(entity) ?? 0) + 1);
      }
    }
  }
  const total = [...found.values()].reduce((sum, count) => sum + count, 0);
  const kinds = [...found].map(([entity, count]) => `${entity} ${count}`).join(", ");
  console.log(
    `clean code: ${two(total / (characters / 1e6))} secrets per MB in ${two(characters / 1e6)} MB (${kinds})`,
  );
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

async function printSpeed() {
  const text = mixedText(100_000);
  const engine = createDlpEngine({
    detectors,
    compileCustomRule,
    monotonic: () => performance.now(),
    digest: textDigest,
  });
  const request = Object.fromEntries(engine.entities.map((entity) => [entity, "report"]));
  const policy = engine.policyFor("request", [{ request, response: {}, custom: [] }]);
  const signal = new AbortController().signal;
  const inspect = (content) =>
    engine.inspect([{ path: [], role: "user", text: content, rewritable: true }], [], policy, signal);
  // The last characters make each text a new one.
  const cold = await median(40, (at) => inspect(`${text.slice(0, -6)}${String(at).padStart(6)}`));
  const seen = await median(40, () => inspect(text));
  const raw = await median(40, async () => detectors.forEach(({ detect }) => detect(text)));
  console.log(
    `100 kB of mixed text: detectors alone ${two(raw)} ms, inspection cold ${two(cold)} ms, seen before ${two(seen)} ms`,
  );
  for (const [name, run] of Object.entries(await others())) {
    const time = run === null ? null : await median(5, () => run(text));
    console.log(
      time === null ? `${name}: not installed` : `${name}: ${two(time)} ms, ${two(time / cold)} times as long`,
    );
  }
}

function printHostile() {
  const rows = detectors.map(({ name, detect }) => {
    const runs = hostileTexts(1_000_000).map(({ piece, text }) => {
      const startedAt = performance.now();
      detect(text);
      return { piece, ms: performance.now() - startedAt };
    });
    const { piece, ms } = runs.reduce((worst, run) => (run.ms > worst.ms ? run : worst));
    return { detector: name, "worst ms for 1 MB": Math.round(ms), of: JSON.stringify(piece) };
  });
  console.table(rows);
}

async function main() {
  await printScores();
  printCleanCode();
  await printSpeed();
  printHostile();
}

void main();

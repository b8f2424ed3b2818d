/**
 * Streams cut into random deltas must deliver what one inspection of the whole text gives, in every dialect and in every
 * copy of the text. `node bench/dlp-chunks.js --runs 100000 --seed 1 [--long 0.05] [--seconds 600]`,
 * of which the share `--long` are of thousands of characters; ends with 1 and the seed of the first difference.
 */
const { parseArgs } = require("node:util");
const { DIALECTS, deliver, engine, inspectWhole } = require("./held-stream");
const { randomDeltas, randomText } = require("./random-text");

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "3000" },
    seed: { type: "string", default: "1" },
    long: { type: "string", default: "0.05" },
    seconds: { type: "string", default: "Infinity" },
  },
});
const rule = (name, parts) => ({ name, action: "redact", on: "both", ...parts });
const policy = engine.policyFor("response", [
  {
    request: {},
    response: Object.fromEntries(engine.entities.map((entity) => [entity, "redact"])),
    custom: [
      rule("HERON", { phrases: ["Blue Heron Rising", "blue whale"] }),
      rule("CODE", { literals: ["PRJ-7", "abab", "J-7x"] }),
    ],
  },
]);

main();

/** One chunking after the other, each in every dialect. */
async function main() {
  const names = Object.keys(DIALECTS);
  const changed = Object.fromEntries(names.map((name) => [name, 0]));
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  let run = 0;
  for (; run < Number(values.runs) && seconds() < Number(values.seconds); run += 1)
    for (const dialect of names) changed[dialect] += (await holds(dialect, Number(values.seed) + run)) ? 1 : 0;
  for (const dialect of names) {
    const all = `${run} chunkings from seed ${values.seed}, all as one inspection gives`;
    console.log(`${dialect}: ${all}; ${changed[dialect]} had findings`);
  }
  console.log(`${seconds().toFixed(0)} s`);
}

/** Whether anything was found. */
async function holds(dialect, seed) {
  const text = randomText(seed, { long: Number(values.long) });
  const expected = await inspectWhole(text, policy);
  const got = await deliver(dialect, randomDeltas(text, seed), policy);
  const copies = got.copies.filter((copy) => copy !== "" && copy !== expected);
  if (got.text === expected && copies.length === 0) return expected !== text;
  console.error({ dialect, seed, text, expected, got: got.text, copies });
  process.exit(1);
}

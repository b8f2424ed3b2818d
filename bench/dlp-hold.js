/**
 * How much of a stream is held back, and what it costs: a reference answer of prose, code and tables with values planted in it,
 * in deltas of one to seven characters. `node bench/dlp-hold.js --values 352`; only the characters carry over to other machines.
 */
const { parseArgs } = require("node:util");
const { DIALECTS, deliver, engine, inspectWhole } = require("./held-stream");
const { numbers } = require("./random-text");

const { values } = parseArgs({ options: { values: { type: "string", default: "352" } } });
const CHARACTERS_PER_SECOND = 300;

const PASSAGES = [
  "The migration ran in 42 minutes on 3 nodes, which is about 18 % faster than the run of 2024-11-03. ",
  "To try it, open the settings, choose *Network*, and turn the proxy off; the client reconnects within a second or two.\n\n",
  "```ts\nconst total = items.reduce((sum, item) => sum + item.price * item.count, 0);\nreturn total > 100 ? total * 0.9 : total;\n```\n",
  "| Region | Orders | Share |\n|---|---:|---:|\n| North | 1,204 | 31 % |\n| South | 2,011 | 52 % |\n",
  '{"status": "ok", "retries": 3, "took": 0.182, "path": "/var/lib/app/state.json"}\n',
  "Dear team, thank you for the quick answer. We will look at the numbers again on Monday and come back to you. ",
];
const PLANTED = [
  (n) => `Please write to user${n}@example.com for details. `,
  (n) => `Card 4111 1111 1111 1111 was charged in case ${n}. `,
  () => "Her address is anna.maria@mail.example.org, as before. ",
  () => "The number 5555-5555-5555-4444 is on file. ",
];

main();

async function main() {
  const policy = engine.policyFor("response", [
    { request: {}, response: Object.fromEntries(engine.entities.map((entity) => [entity, "redact"])), custom: [] },
  ]);
  const { deltas, text } = reference(Number(values.values));
  const expected = await inspectWhole(text, policy);
  for (const dialect of Object.keys(DIALECTS)) {
    const began = performance.now();
    const { held, text: got, report } = await deliver(dialect, deltas, policy);
    const spent = performance.now() - began;
    const sorted = [...held].sort((one, other) => one - other);
    const mean = held.reduce((sum, count) => sum + count, 0) / held.length;
    const found = Object.values(report.findings).reduce((sum, count) => sum + count, 0);
    console.log(
      `${dialect}: ${found} findings, ${got === expected ? "as" : "NOT as"} one inspection gives; held mean ${mean.toFixed(1)}, ` +
        `p95 ${sorted[Math.floor(sorted.length * 0.95)]}, max ${sorted.at(-1)} characters; ` +
        `mean delay ${(mean / CHARACTERS_PER_SECOND).toFixed(3)} s at ${CHARACTERS_PER_SECOND}/s; ` +
        `${((1000 * spent) / deltas.length).toFixed(0)} µs per delta of ${deltas.length}`,
    );
  }
}

function reference(count) {
  const next = numbers(7);
  const parts = [];
  for (let planted = 0; planted < count; planted += 1) {
    parts.push(PASSAGES[Math.floor(next() * PASSAGES.length)], PLANTED[planted % PLANTED.length](planted));
  }
  const text = parts.join("");
  const deltas = [];
  for (let at = 0; at < text.length; at += deltas.at(-1).length)
    deltas.push(text.slice(at, at + 1 + Math.floor(next() * 7)));
  return { text, deltas };
}

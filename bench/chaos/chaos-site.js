const { generateKeyPairSync } = require("node:crypto");
const { chmodSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");
const { built } = require("../support/build");
const { fillableDisk, whyNoFillableDisk } = require("../support/fillable-disk");
const { startFakeProvider } = require("../support/fake-provider");
const { startPostgres } = require("../support/own-postgres");
const { startRedis } = require("../support/own-redis");
const { startRelay } = require("../support/relay");
const { openAdmin, PEPPER } = require("../support/shared-admin");
const { superviseGate } = require("./supervised-gate");

const { OPEN_POLICY } = built("adapters/testing.js");
const PIECES = { pieces: 4, pauseMs: 10 };

/**
 * So many gates on a PostgreSQL and a Redis of their own, each with relays of its own to both, one provider behind them
 * all, and the management service beside them. The second of every two gates has a spool. `disks` is null where this
 * machine has none to fill, and `noDisks` says why. Nothing of it outlives this process.
 */
exports.startSite = async function startSite({ nodes, logs }, watch) {
  const folder = mkdtempSync(path.join(tmpdir(), "llm-gate-chaos-"));
  const undo = [() => rmSync(folder, { recursive: true, force: true })];
  const remove = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  process.once("exit", () => undo.reverse().forEach((step) => step()));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
  chmodSync(folder, 0o755);
  for (const name of ["postgres", "spools", "logs"]) mkdirSync(path.join(folder, name));
  const noDisks = whyNoFillableDisk();
  const disks = noDisks === null ? disksIn(folder, undo) : null;
  const servers = await startServers(folder, undo);
  const site = { folder, disks, noDisks, ...servers };
  const links = await Promise.all(Array.from({ length: nodes }, () => linksTo(site, undo)));
  const gates = links.map((link, index) => {
    const log = openSync(path.join(logs ?? path.join(folder, "logs"), `node-${index}.log`), "a");
    const settings = { index, gateFile: writeGateFile(site, index, link), env: { LLM_GATE_PEPPER: PEPPER }, log };
    const gate = superviseGate(settings, watch);
    undo.push(() => gate.kill());
    return gate;
  });
  return { ...site, gates, links, copies: (index) => path.join(folder, `node-${index}.checkpoints.jsonl`), remove };
};

async function startServers(folder, undo) {
  const postgres = await startPostgres(path.join(folder, "postgres"));
  undo.push(() => postgres.end());
  const redis = await startRedis();
  undo.push(redis.end);
  const provider = await startFakeProvider(PIECES);
  undo.push(() => provider.close());
  const { admin, close } = await openAdmin(postgres.url, { redis: redis.url, node: "admin" });
  undo.push(close);
  await admin.applyPolicy(OPEN_POLICY);
  const signing = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
  writeFileSync(path.join(folder, "checkpoint.key"), signing, { mode: 0o600 });
  return { postgres, redis, provider, admin, signing };
}

function disksIn(folder, undo) {
  const disk = (name) => {
    const made = fillableDisk(path.join(folder, name));
    undo.push(made.remove);
    return made;
  };
  return { postgres: disk("postgres"), spools: disk("spools") };
}

async function linksTo({ postgres, redis }, undo) {
  const links = { postgres: await startRelay(postgres.url), redis: await startRelay(redis.url) };
  undo.push(links.postgres.close, links.redis.close);
  return links;
}

function writeGateFile({ folder, provider }, index, links) {
  const spool = index % 2 === 1 ? `, spool: { path: ./spools/node-${index}.spool }` : "";
  const file = path.join(folder, `node-${index}.yaml`);
  const text = `listen: { host: 127.0.0.1, port: 0 }
store: { postgres: "${links.postgres.url}" }
bus: { redis: "${links.redis.url}" }
upstreams:
  openai: { baseUrl: ${provider.url}/v1, apiKey: none }
  anthropic: { baseUrl: ${provider.url}, apiKey: none }
audit: { node: node-${index}, checkpoints: ./node-${index}.checkpoints.jsonl, checkpointKey: ./checkpoint.key${spool} }
drainMs: 2000
log: { level: warn }
`;
  writeFileSync(file, text);
  return file;
}

const { execFileSync, spawn } = require("node:child_process");
const { generateKeyPairSync } = require("node:crypto");
const { mkdtempSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");
const { COMMAND } = require("./build");
const { PEPPER } = require("./shared-admin");

const POLICY = `organization: bench
models:
  - { id: gpt-4o-mini, provider: openai }
  - { id: claude-sonnet-4-5, provider: anthropic }
groups: [{ name: everyone, personalApiKeyAccess: true, models: ["*"] }]
users: [{ email: alice@example.com, groups: [everyone] }]
`;

const MOST_STARTS = 5;

const config = (provider, store, audit) => `listen: { host: 127.0.0.1, port: 0 }
store: ${store}
upstreams:
  openai: { baseUrl: ${provider}/v1, apiKey: none }
  anthropic: { baseUrl: ${provider}, apiKey: none }
audit: { node: gate-1, checkpoints: ./checkpoints.jsonl, checkpointKey: ./gate.db.checkpoint.key${audit} }
drainMs: 1000
log: { level: error }
`;

/**
 * A folder with a database, a key and a gate file for `llm-gate serve`: on a disk of its own (`disks.js`), or with its
 * database in the PostgreSQL of the URL `postgres`. `audit` is more of the gate file's settings for the trail.
 */
exports.prepareGate = function prepareGate(provider, { disk, postgres, audit = "" } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), "llm-gate-audit-"));
  disk?.mount(folder);
  const file = (name, content, mode = 0o644) => {
    writeFileSync(path.join(folder, name), content, { mode });
    return path.join(folder, name);
  };
  const database = path.join(folder, "gate.db");
  const env = postgres === undefined ? {} : { LLM_GATE_PEPPER: PEPPER };
  const store = ["--store", postgres ?? `sqlite:${database}`, "--json"];
  const options = { env: { ...process.env, ...env } };
  const run = (args) => JSON.parse(execFileSync(process.execPath, [COMMAND, ...args, ...store], options).toString());
  if (postgres !== undefined) {
    run(["init"]);
    file("gate.db.checkpoint.key", signingKey(), 0o600);
  }
  run(["apply", file("policy.yaml", POLICY)]);
  const { key, id } = run(["key", "create", "--user", "alice@example.com", "--name", "bench"]);
  const settings = postgres === undefined ? "{ sqlite: ./gate.db }" : JSON.stringify({ postgres });
  return {
    ...{ folder, database, postgres, key, env, gateFile: file("gate.yaml", config(provider, settings, audit)) },
    copies: path.join(folder, "checkpoints.jsonl"),
    checkpointKey: `${database}.checkpoint.key`,
    revokeKey: () => run(["key", "revoke", id]),
    remove() {
      disk?.unmount(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

function signingKey() {
  return generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
}

/** Starts the server; resolves with its URL when it takes calls. */
exports.startGate = async function startGate(gate) {
  const { listening, ...process } = exports.launchGate(gate);
  return { url: await listening, ...process };
};

/** As a supervisor does: once more when it ended before it took calls. `failedStarts` says how often it did. */
exports.startSupervised = async function startSupervised(gate) {
  for (let failedStarts = 0; ; failedStarts += 1) {
    try {
      return { ...(await exports.startGate(gate)), failedStarts };
    } catch (error) {
      if (failedStarts === MOST_STARTS) throw error;
    }
  }
};

/**
 * Starts the server; `listening` resolves with its URL when it takes calls. With a `preload`, which it loads before
 * anything else, it may be sent messages. `log` is where standard error goes.
 */
exports.launchGate = function launchGate({ gateFile, preload = null, env = {}, log = "inherit" }) {
  const loading = preload === null ? [] : ["--require", preload];
  const child = spawn(process.execPath, [...loading, COMMAND, "serve", "--config", gateFile], {
    stdio: ["ignore", "pipe", log, ...(preload === null ? [] : ["ipc"])],
    env: { ...process.env, NODE_NO_WARNINGS: "1", ...env },
  });
  child.on("error", () => undefined);
  const ended = new Promise((resolve) => child.once("close", (code, signal) => resolve(signal ?? code)));
  const listening = new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const match = /listening on (http:\S+)/.exec(said);
      if (match) resolve(match[1]);
    });
    void ended.then((code) => reject(new Error(`the server ended with ${code}`)));
  });
  return { listening, ended, pid: child.pid, kill: (signal) => child.kill(signal), send: (said) => child.send(said) };
};

const { execFileSync, spawn } = require("node:child_process");
const { mkdtempSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");
const { COMMAND } = require("./build");

const POLICY = `organization: bench
models:
  - { id: gpt-4o-mini, provider: openai }
  - { id: claude-sonnet-4-5, provider: anthropic }
groups: [{ name: everyone, personalApiKeyAccess: true, models: ["*"] }]
users: [{ email: alice@example.com, groups: [everyone] }]
`;

const config = (provider) => `listen: { host: 127.0.0.1, port: 0 }
store: { sqlite: ./gate.db }
upstreams:
  openai: { baseUrl: ${provider}/v1, apiKey: none }
  anthropic: { baseUrl: ${provider}, apiKey: none }
audit: { node: gate-1, checkpoints: ./checkpoints.jsonl }
drainMs: 1000
log: { level: error }
`;

/** A folder with a database, a key and a gate file for `llm-gate serve`; on a tmpfs of its own of the size `mount`. */
exports.prepareGate = function prepareGate(provider, { mount } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), "llm-gate-audit-"));
  if (mount !== undefined) execFileSync("mount", ["-t", "tmpfs", "-o", `size=${mount}`, "tmpfs", folder]);
  const file = (name, content) => {
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const database = path.join(folder, "gate.db");
  const store = ["--store", `sqlite:${database}`, "--json"];
  const run = (args) => JSON.parse(execFileSync(process.execPath, [COMMAND, ...args, ...store]).toString());
  run(["apply", file("policy.yaml", POLICY)]);
  const { key } = run(["key", "create", "--user", "alice@example.com", "--name", "bench"]);
  const gateFile = file("gate.yaml", config(provider));
  return {
    ...{ folder, database, key, gateFile },
    copies: path.join(folder, "checkpoints.jsonl"),
    remove() {
      if (mount !== undefined) execFileSync("umount", [folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** Starts the server; resolves with its URL when it takes calls. */
exports.startGate = async function startGate(gate) {
  const { listening, ...process } = exports.launchGate(gate);
  return { url: await listening, ...process };
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

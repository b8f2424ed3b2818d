import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { llmGate, type Ended } from "../support/command-line";
import { place, POLICY } from "./fixtures";
import { runInProcess } from "./in-process";

const at = place();
const policy = at.write("policy.yaml", POLICY);
const body = at.write("body.json", '{"model":"gpt-4o-mini","messages":[]}');
const text = at.write("notes.txt", "no database");
const binary = at.path("binary");
const missing = `sqlite:${at.path("missing.db")}`;

beforeAll(async () => {
  await runInProcess(["apply", policy, ...at.store]);
  at.write("gate.yaml", "store: { sqlite: ./gate.db }\nlisten: { port: 0 }\nupstreams: { default: echo }\n");
  mkdirSync(at.path("folder"));
  writeFileSync(binary, Buffer.from([0xff, 0xfe, 0x00]));
});

/** One sentence on standard error, nothing on standard output. */
function expectSentence({ code, stdout, stderr }: Ended, exitCode: number, sentence: string): void {
  expect(stderr.trimEnd().split("\n")).toEqual([expect.stringContaining(sentence)]);
  expect(stdout).toBe("");
  expect(code).toBe(exitCode);
}

describe("one clear sentence, and exit code", () => {
  const key = (...args: string[]) => ["key", ...args];
  it.each([
    [2, key("list"), "--store sqlite:gate.db, or set LLM_GATE_STORE"],
    [2, key("list", "--store", "gate.db"), "A store is written sqlite:PATH"],
    [2, key("list", "--store", "postgres://u:se/cret@db/x"), "A PostgreSQL database is written as a URL"],
    [1, key("list", "--store", "postgres://u:secret@127.0.0.1:1/x"), "postgres://127.0.0.1:1/x cannot be reached"],
    [1, ["init", "--store", "postgres://u:secret@127.0.0.1:1/x"], "set LLM_GATE_PEPPER"],
    [1, key("list", "--store", missing), "There is no database at"],
    [1, key("create", "--user", "alice@acme.test", "--name", "x", "--store", missing), "There is no database at"],
    [1, ["audit", "tail", "--store", missing], "There is no database at"],
    [1, key("list", "--store", `sqlite:${text}`), "is not a SQLite database"],
    [1, key("list", "--store", `sqlite:${at.path("folder")}`), "a folder, or not readable"],
    [1, ["init", "--store", `sqlite:${at.path("no/gate.db")}`], "its folder does not exist"],
    [1, key("create", "--user", "bob@acme.test", "--name", "x", ...at.store), 'There is no user "bob@acme.test"'],
    [2, key("create", "--user", "alice@acme.test", "--name", "", ...at.store), "A key's name has 1 to 100 characters"],
    [
      2,
      key("create", "--user", "alice@acme.test", "--name", "x", "--expires", "soon", ...at.store),
      '"soon" is not a time',
    ],
    [2, key("create", "--user", "alice@acme.test", "--name", "x", "--expires", "2001-01-01", ...at.store), "to come"],
    [1, key("list", "--user", "bob@acme.test", ...at.store), 'There is no user "bob@acme.test"'],
    [1, key("show", "0123456789", ...at.store), 'There is no key "0123456789"'],
    [1, key("revoke", "0123456789", ...at.store), 'There is no key "0123456789"'],
    [1, key("list", "--organization", "other", ...at.store), 'no organization "other"'],
    [2, ["apply", at.path("none.yaml"), ...at.store], "there is no such file"],
    [2, ["apply", at.path("folder"), ...at.store], "it is a folder"],
    [2, ["apply", binary, ...at.store], "is not text in UTF-8"],
    [2, ["dlp", "scan", binary], "is not text in UTF-8"],
    [2, ["dlp", "scan", at.path("none.txt")], "there is no such file"],
    [2, ["audit", "tail", "--limit", "many", ...at.store], '--limit "many" is not a whole number'],
    [
      1,
      ["explain", "--key-id", "0123456789", "--request", body, "--protocol", "chat", ...at.store],
      "There is no key 0123456789",
    ],
    [2, ["explain", "--key-id", "0123456789", "--request", "none", "--protocol", "chat", ...at.store], "no such file"],
    [2, ["demo", "eighty"], '"eighty" is not a port'],
  ])("%i: %j", async (exitCode, args, sentence) => {
    expectSentence(await runInProcess(args), exitCode, sentence);
    expect(existsSync(at.path("missing.db"))).toBe(false);
  });

  it("never repeats what may be most of a key", async () => {
    const almost = `llmg_${"A".repeat(48)}`;
    const { code, stdout, stderr } = await runInProcess(["key", "revoke", almost, ...at.store]);
    expect(code).toBe(2);
    expect(stdout + stderr).not.toContain("AAAAAAAAAAA");
  });

  it("gives programs the sentence as JSON as well", async () => {
    const { stdout, stderr, code } = await llmGate(["key", "list", "--json", "--store", missing]);
    expect(JSON.parse(stdout)).toEqual({ error: { code: "no_store", message: stderr.trimEnd() } });
    expect(code).toBe(1);
  });
});

describe("a policy file with mistakes", () => {
  it("names each with its place, and changes nothing", async () => {
    const bad = at.write("bad.yaml", `${POLICY.replace("[readers]", "[raeders]")}modles: []\n`);
    const { code, stdout, stderr } = await llmGate(["apply", bad, "--store", missing]);
    expect(stderr.trimEnd().split("\n")).toEqual([
      `${bad}:12:38: there is no group "raeders"; did you mean "readers"?`,
      `${bad}:17:1: unknown key "modles"; did you mean "models"?`,
    ]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(existsSync(at.path("missing.db"))).toBe(false);
  });
});

describe("a server that cannot start says why", () => {
  const serve = (config: string, env: Record<string, string> = {}) =>
    llmGate(["serve", "--config", at.write("serve.yaml", config)], { env });

  it("when its file has mistakes: each with its place, exit code 2", async () => {
    const { code, stdout, stderr } = await serve(
      "store: { sqlite: x.db }\nlistne: 3\nupstreams: { openai: { baseUrl: https://a.example, apiKey: ${ABSENT} } }\n",
    );
    const file = at.path("serve.yaml");
    expect(stderr.trimEnd().split("\n")).toEqual([
      `${file}:2:1: unknown key "listne"; did you mean "listen"?`,
      `${file}:3:60: the environment variable ABSENT is not set`,
    ]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(existsSync(at.path("x.db"))).toBe(false);
  });

  it("when its port is in use: exit code 1, and no store is made", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as AddressInfo;
    const config = `store: { sqlite: y.db }\nlisten: { port: ${port} }\nupstreams: { default: echo }\n`;
    expectSentence(await serve(config), 1, `Port ${port} of 127.0.0.1 is in use`);
    expect(existsSync(at.path("y.db"))).toBe(false);
    await new Promise((resolve) => other.close(resolve));
  });

  it("when its host is nobody's: exit code 1", async () => {
    const config = "store: { sqlite: y.db }\nlisten: { host: 192.0.2.1, port: 0 }\nupstreams: { default: echo }\n";
    expectSentence(await serve(config), 1, "192.0.2.1 is not an address of this machine");
  });

  it("when the database is none: exit code 1", async () => {
    const config = "store: { sqlite: notes.txt }\nlisten: { port: 0 }\nupstreams: { default: echo }\n";
    expectSentence(await serve(config), 1, "notes.txt is not a SQLite database");
  });

  it("when LLM_GATE_PEPPER is too short: exit code 1", async () => {
    const config = "store: { sqlite: gate.db }\nlisten: { port: 0 }\nupstreams: { default: echo }\n";
    expectSentence(await serve(config, { LLM_GATE_PEPPER: "short" }), 1, "it must be text of at least 32 bytes");
  });

  it("when Express takes trustProxy for no address: exit code 2", async () => {
    const config =
      "store: { sqlite: gate.db }\nlisten: { port: 0 }\ntrustProxy: nobody\nupstreams: { default: echo }\n";
    expectSentence(await serve(config), 2, 'trustProxy is "nobody"');
  });
});

describe("a host without Express", () => {
  it("is told to install it, by those commands that serve", async () => {
    const preload = at.write(
      "no-express.js",
      `const Module = require("node:module");
const resolve = Module._resolveFilename;
Module._resolveFilename = function (name, ...rest) {
  if (name === "express") throw Object.assign(new Error("Cannot find module"), { code: "MODULE_NOT_FOUND" });
  return resolve.call(this, name, ...rest);
};`,
    );
    const env = { NODE_OPTIONS: `--require ${preload}` };
    const config = ["--config", at.path("gate.yaml")];
    expectSentence(await llmGate(["serve", ...config], { env }), 1, "run `npm install express`");
    expect((await llmGate(["key", "list", ...at.store], { env })).code).toBe(0);
  });
});

describe("a store whose pepper is gone", () => {
  const store = ["--store", `sqlite:${at.path("lost.db")}`];
  beforeAll(async () => {
    await runInProcess(["apply", policy, ...store]);
    await runInProcess(["key", "create", "--user", "alice@acme.test", "--name", "x", ...store]);
    rmSync(at.path("lost.db.pepper"));
  });

  it.each([
    ["key create", ["key", "create", "--user", "alice@acme.test", "--name", "y", ...store]],
    ["init", ["init", ...store]],
  ])("is refused by %s, and gets no new one", async (_, args) => {
    expectSentence(await runInProcess(args), 1, "lost.db.pepper");
    expect(readdirSync(at.folder).filter((file) => file === "lost.db.pepper")).toEqual([]);
  });

  it("is not served", async () => {
    const config = at.write(
      "lost.yaml",
      "store: { sqlite: lost.db }\nlisten: { port: 0 }\nupstreams: { default: echo }\n",
    );
    expectSentence(await llmGate(["serve", "--config", config]), 1, "There is no pepper: LLM_GATE_PEPPER is not set");
    expect(existsSync(at.path("lost.db.pepper"))).toBe(false);
  });
});

import { randomBytes } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RecordWithText } from "../../lib/admin";
import type { AuditRecord } from "../../lib/audit/record";
import { endAllCommands, listeningUrl, llmGate, llmGateJson, startLlmGate } from "../support/command-line";
import { runInProcess } from "./in-process";
import { prepareDatabase, type PreparedDatabase } from "../support/sqlite-gate";

interface Found {
  readonly records: readonly (AuditRecord & { readonly text: RecordWithText["text"] })[];
}

describe("text of calls at the command line", () => {
  let database: PreparedDatabase;
  let store: readonly string[];
  let keyFile: string;

  beforeAll(async () => {
    database = await prepareDatabase();
    store = ["--store", `sqlite:${database.path}`];
    keyFile = `${database.path}.content.key`;
    const config = join(database.folder, "gate.yaml");
    const settings = "store: { sqlite: ./gate.db }\nupstreams: { default: echo }\naudit: { content: redacted }\n";
    writeFileSync(config, `listen: { port: 0 }\n${settings}`);
    const running = startLlmGate(["serve", "--config", config]);
    const url = await listeningUrl(running);
    await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${database.key}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content: "=good \u001b[31mmorning" }] }),
    }).then((answer) => answer.text());
    running.kill("SIGTERM");
    await running.ended;
  }, 60_000);

  afterAll(() => {
    endAllCommands();
    database.remove();
  });

  const search = (...more: readonly string[]): Promise<Found> =>
    llmGateJson<Found>(["audit", "search", ...store, "--user", "alice@example.com", ...more]);

  it("is encrypted with a key that serve makes beside the database, for its owner alone", async () => {
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    const { records } = await search();
    expect(records.map(({ kind }) => kind)).toEqual(["completion", "intent"]);
    for (const { content } of records)
      expect(content).toMatchObject({ sealed: expect.any(String) as string, cut: false });
  });

  it("comes with --content, and that it was read is on record", async () => {
    const { records } = await search("--content");
    expect(records.at(-1)?.text).toMatchObject({
      status: "readable",
      texts: [{ role: "user", text: "=good \u001b[31mmorning" }],
    });
    const { stdout } = await llmGate(["audit", "search", ...store, "--kind", "intent", "--content"]);
    expect(stdout).toContain("    user: =good \\u{1b}[31mmorning");
    const read = await llmGateJson<Found>(["audit", "search", ...store, "--kind", "admin"]);
    expect(read.records.filter(({ operation }) => operation === "text.read")).toMatchObject([
      { change: { after: { kind: "intent" } } },
      { user: null, detail: expect.stringMatching(/^operating system user \S+$/) as string },
    ]);
  });

  it("is exported line by line, as JSON and as CSV", async () => {
    const jsonl = await llmGate(["audit", "export", ...store, "--kind", "intent", "--content"]);
    expect(JSON.parse(jsonl.stdout)).toMatchObject({ kind: "intent", text: { status: "readable" } });
    const csv = await llmGate(["audit", "export", ...store, "--kind", "intent", "--content", "--format", "csv"]);
    const [head, line] = csv.stdout.split("\n");
    expect(head).toMatch(/,text$/);
    expect(line).toContain('"{""status"":""readable"",""texts"":[{""role"":""user"",""text"":""=good');
  });

  it("needs the master key: a missing one and a wrong one are told apart, and none is quoted", async () => {
    const missing = await llmGate(["audit", "search", ...store, "--content", "--content-key", "/nowhere"]);
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining("cannot be read from /nowhere")]);
    const other = join(database.folder, "other.key");
    writeFileSync(other, randomBytes(32).toString("base64"));
    const { records } = await search("--content", "--content-key", other);
    expect(records.map(({ text }) => text?.status)).toEqual(["locked", "locked"]);
  });

  it("moves to another master key", async () => {
    const old = readFileSync(keyFile, "utf8");
    const next = `${randomBytes(32).toString("base64")}\n`;
    writeFileSync(keyFile, next + old);
    expect(await llmGateJson(["audit", "rewrap", ...store])).toEqual({ keys: 1 });
    writeFileSync(keyFile, next);
    const nothing = await runInProcess(["audit", "rewrap", ...store]);
    expect(nothing.stdout).toMatch(/^no key was under another .* nothing put on record$/m);
    expect((await search("--content")).records.map(({ text }) => text?.status)).toEqual(["readable", "readable"]);
  });

  it("is erased when its user's address is typed once more, and the trail still verifies", async () => {
    const erase = ["audit", "erase", ...store, "--subject", "alice@example.com"];
    const slip = await llmGate(erase, { input: "alicia@example.com\n" });
    expect([slip.code, slip.stderr]).toEqual([1, expect.stringContaining("Nothing was erased.")]);
    expect((await search("--content")).records[0]?.text?.status).toBe("readable");
    const done = await llmGate(erase, { input: "alice@example.com\n" });
    expect([done.code, done.stdout]).toEqual([0, "erased the text of alice@example.com\n"]);
    expect((await search("--content")).records.map(({ text }) => text?.status)).toEqual(["erased", "erased"]);
    expect(await llmGateJson(["audit", "verify", ...store])).toMatchObject({ status: "clean" });
    expect(await llmGateJson([...erase, "--yes"])).toEqual({ subject: "alice@example.com", keys: 0 });
    const nobody = ["audit", "erase", ...store, "--subject", "nobody@example.com", "--yes"];
    expect((await runInProcess(nobody)).stdout).toMatch(
      /^no text of nobody@example.com was kept: .* nothing put on record$/m,
    );
    const { stdout } = await runInProcess(["audit", "search", ...store, "--kind", "admin", "--json"]);
    const operations = (JSON.parse(stdout) as Found).records.map(({ operation }) => operation);
    expect(operations.filter((name) => name === "text.rewrap" || name === "text.erase")).toEqual([
      "text.erase",
      "text.rewrap",
    ]);
  });
});

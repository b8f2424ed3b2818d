import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { endAllCommands, llmGate, llmGateJson } from "../support/command-line";
import { runInProcess } from "./in-process";

const MAIL = "alice@example.com";
const SCRIPT = path.join(__dirname, "../..", process.env.LLM_GATE_BUILD ?? "dist", "bin/llm-gate.js");

afterAll(endAllCommands);

const line = (id: string | number, text: string): string => JSON.stringify({ id, text });
const parsed = (stdout: string): unknown[] =>
  stdout
    .split("\n")
    .filter((text) => text !== "")
    .map((text) => JSON.parse(text) as unknown);

describe("llm-gate dlp scan --jsonl", () => {
  it("prints a line for each line, with offsets in UTF-16 units, and nothing of what was found", async () => {
    const input = [line("a", `😀 to ${MAIL}!`), "", line(7, "nothing"), line("", `"${MAIL}"`)].join("\r\n");
    const { code, stdout, stderr } = await llmGate(["dlp", "scan", "--jsonl"], { input });
    const mail = { entity: "EMAIL_ADDRESS", rule: "EMAIL_ADDRESS", score: 1 };
    expect(parsed(stdout)).toEqual([
      { id: "a", findings: [{ ...mail, start: 6, end: 23 }] },
      { id: 7, findings: [] },
      { id: "", findings: [{ ...mail, start: 1, end: 18 }] },
    ]);
    expect(stdout.split("\n")[0]).toBe(
      '{"id":"a","findings":[{"entity":"EMAIL_ADDRESS","rule":"EMAIL_ADDRESS","start":6,"end":23,"score":1}]}',
    );
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).not.toContain("alice");
  });

  it.each([
    ["what is not JSON", '{"id": 1, "text": "x"', "is not JSON"],
    ["a list", "[]", "is not"],
    ["a text without an id", '{"text": "x"}', "is not"],
    ["an id without a text", '{"id": 1}', "is not"],
    ["a text that is none", '{"id": 1, "text": ["x"]}', "is not"],
    ["an id that is none", '{"id": null, "text": "x"}', "is not"],
  ])("ends at %s, names the line, and has printed those before", async (_, bad, sentence) => {
    const input = [line(1, MAIL), "", bad, line(2, MAIL)].join("\n");
    const { code, stdout, stderr } = await runInProcess(["dlp", "scan", "--jsonl"], { input });
    expect(parsed(stdout)).toHaveLength(1);
    expect(stderr).toMatch(/^Line 3 of standard input /);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toContain(MAIL);
    expect(code).toBe(2);
  });

  it("takes no files, and no other form", async () => {
    for (const more of [["notes.txt"], ["--json"], ["--show-values"]]) {
      expect((await runInProcess(["dlp", "scan", "--jsonl", ...more])).code).toBe(2);
    }
  });

  it("reads no faster than its lines are taken, and loses none", async () => {
    const count = 2_000;
    const child = spawn(process.execPath, [SCRIPT, "dlp", "scan", "--jsonl"], { stdio: ["pipe", "pipe", "inherit"] });
    for (let id = 0; id < count; id++) child.stdin.write(`${line(id, `to ${MAIL}, `.repeat(10))}\n`);
    child.stdin.end();
    await once(child.stdout, "readable");
    for (let before = -1; child.stdin.writableLength !== before;) {
      before = child.stdin.writableLength;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect(child.stdin.writableLength).toBeGreaterThan(0);
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    const [code] = (await once(child, "close")) as [number];
    expect(code).toBe(0);
    const ids = parsed(stdout).map((answer) => (answer as { id: number }).id);
    expect(ids).toEqual(Array.from({ length: count }, (_, id) => id));
  });
});

describe("llm-gate dlp scan --fail-on", () => {
  const input = `to ${MAIL}, twice ${MAIL}, with 4111111111111111`;

  it("exits with 1 where one of them is found, after saying all that is", async () => {
    const args = ["dlp", "scan", "--fail-on", "US_SSN", "--fail-on", "EMAIL_ADDRESS"];
    const { code, stdout, stderr } = await llmGate(args, { input });
    expect([code, stderr]).toEqual([1, "Found what --fail-on names: EMAIL_ADDRESS x 2.\n"]);
    expect(stdout).toContain("3 findings");
    expect(stdout).not.toContain(MAIL);
  });

  it("exits with 1 for lines and for one document alike", async () => {
    const jsonl = await runInProcess(["dlp", "scan", "--jsonl", "--fail-on", "CREDIT_CARD"], { input: line(1, input) });
    expect([jsonl.code, parsed(jsonl.stdout).length]).toEqual([1, 1]);
    const json = await runInProcess(["dlp", "scan", "--json", "--fail-on", "CREDIT_CARD"], { input });
    expect([json.code, Object.keys(JSON.parse(json.stdout) as object)]).toEqual([1, ["files"]]);
  });

  it("exits with 0 where none of them is", async () => {
    expect((await runInProcess(["dlp", "scan", "--fail-on", "US_SSN"], { input })).code).toBe(0);
  });

  it.each([
    ["EMAIL_ADRESS", 'did you mean "EMAIL_ADDRESS"?'],
    ["SOMETHING_ELSE", "llm-gate dlp entities lists what is found."],
  ])("refuses %s, which nothing finds", async (entity, hint) => {
    const { code, stderr } = await runInProcess(["dlp", "scan", "--fail-on", entity], { input });
    expect(code).toBe(2);
    expect(stderr).toContain(`--fail-on "${entity}": nothing finds that; ${hint}`);
  });
});

describe("llm-gate dlp scan --min-score", () => {
  const input = "it is 536-22-8765, and postgres://app:password@localhost/app";
  const found = async (...args: readonly string[]) => {
    const { stdout } = await runInProcess(["dlp", "scan", "--jsonl", ...args], { input: line(1, input) });
    return (parsed(stdout)[0] as { findings: { entity: string }[] }).findings.map(({ entity }) => entity);
  };

  it("leaves out what is less sure, and shows what is usually left out", async () => {
    expect(await found()).toEqual(["US_SSN"]);
    expect(await found("--min-score", "0.9")).toEqual([]);
    expect(await found("--min-score", ".3")).toEqual(["US_SSN", "CONNECTION_STRING"]);
  });

  it.each(["", "x", "-1", "1.1", "1e-1"])("refuses %j", async (score) => {
    const { code, stderr } = await runInProcess(["dlp", "scan", `--min-score=${score}`], { input });
    expect([code, stderr]).toEqual([2, `--min-score ${JSON.stringify(score)} is not a number from 0 to 1.\n`]);
  });
});

describe("llm-gate dlp entities", () => {
  it("lists every entity with its kind and what presets make of it", async () => {
    const { entities } = await llmGateJson<{ entities: { entity: string }[] }>(["dlp", "entities"]);
    expect(entities).toContainEqual({
      ...{ entity: "EMAIL_ADDRESS", kind: "contact", detectors: ["email-address"] },
      presets: {
        "coding-agent": { request: "report", response: "report" },
        office: { request: "tokenize", response: "report" },
      },
    });
    expect(new Set(entities.map(({ entity }) => entity)).size).toBe(entities.length);
  });

  it("has a line for each, for people", async () => {
    const { stdout } = await runInProcess(["dlp", "entities"]);
    expect(stdout).toMatch(/^ENTITY +KIND +CODING-AGENT +OFFICE\n/);
    expect(stdout).toMatch(/^API_KEY +secret +tokenize, report +redact, redact$/m);
  });
});

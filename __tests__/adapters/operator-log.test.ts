import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describeWith } from "../support/describe-with";

const build = resolve(__dirname, "../..", process.env["LLM_GATE_BUILD"] ?? "dist");
const SCRIPT = `
const { createOperatorLog } = require(${JSON.stringify(join(build, "adapters/operator-log.js"))});
const log = createOperatorLog();
log.warn("first");
log.error("second", { key: "sk-proj-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" });
setTimeout(() => console.log("still here"), 50);
`;

function logTo(descriptor: number): string {
  return spawnSync(process.execPath, ["-e", SCRIPT], { stdio: ["ignore", "pipe", descriptor], encoding: "utf8" })
    .stdout;
}

test("standard error that is a file takes the log, a line each, without what looks like a credential", () => {
  const folder = mkdtempSync(join(tmpdir(), "llm-gate-log-"));
  const file = join(folder, "log");
  const descriptor = openSync(file, "a");
  expect(logTo(descriptor)).toBe("still here\n");
  closeSync(descriptor);
  const lines = readFileSync(file, "utf8").trim().split("\n");
  rmSync(folder, { recursive: true });
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { level: "warn", message: "first" },
    { level: "error", message: "second" },
  ]);
  expect(lines[1]).not.toContain("aaaa");
});

describeWith("/dev/full", existsSync("/dev/full"))("a full disk", () => {
  test("a log on a full disk ends no process", () => {
    const descriptor = openSync("/dev/full", "w");
    expect(logTo(descriptor)).toBe("still here\n");
    closeSync(descriptor);
  });
});

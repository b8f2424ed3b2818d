import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { describeWith } from "../support/describe-with";
import { findProgram, freePort } from "../support/own-process";
import { describeWithPostgres, postgresDatabases } from "../support/postgres-server";
import { redisUrl } from "../support/redis-server";

const root = join(__dirname, "../..");
const readme = readFileSync(join(root, "README.md"), "utf8");

/** The code blocks of a language in a section of the README. */
function blocks(heading: string, language: string): readonly string[] {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\n\`\`\``, "g"))].map(([, code = ""]) => code);
}

const folder = mkdtempSync(join(tmpdir(), "gate-scale-out-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `llm-gate` as an installation would have it in the search path. */
function installed(): string {
  const command = join(root, process.env["LLM_GATE_BUILD"] ?? "dist", "bin/llm-gate.js");
  writeFileSync(join(folder, "llm-gate"), `#!/bin/sh\nexec "${process.execPath}" "${command}" "$@"\n`);
  chmodSync(join(folder, "llm-gate"), 0o755);
  return folder;
}

async function runScript(
  script: string,
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const environment = { ...process.env, PATH: [installed(), process.env["PATH"]].join(delimiter) };
  const child = spawn("bash", ["--norc", "-euo", "pipefail", "-c", script], {
    cwd: folder,
    env: environment,
    // From a socket, bash would read start-up files as a remote shell does.
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code: code as number | null, out, err };
}

const PROGRAMS = ["bash", "curl", "openssl", "redis-server"];
const describeWithAll = describeWith(
  PROGRAMS.join(", "),
  PROGRAMS.every((name) => findProgram(name) !== null),
);

describeWithPostgres("the README", () => describeWithAll("on many nodes", scaleOut));

function scaleOut(): void {
  const database = postgresDatabases();
  const redis = redisUrl();

  it("works as it is written, but for the ports", async () => {
    const [policy = ""] = blocks("Policy", "yaml");
    const [config = ""] = blocks("Many nodes", "yaml");
    const [script = ""] = blocks("Many nodes", "sh");
    writeFileSync(join(folder, "policy.yaml"), policy);
    writeFileSync(join(folder, "gate.yaml"), config);
    const [one, two] = [await freePort(), await freePort()];
    const here = script
      .replace("postgres://gate@127.0.0.1:5432/gate", await database())
      .replace("redis://127.0.0.1:6379", redis())
      .replaceAll("8787", String(one))
      .replaceAll("8788", String(two));
    const { code, out, err } = await runScript(`trap 'kill $(jobs -p); wait' EXIT\n${here}`);
    expect([code, err.split("\n").filter((line) => !line.startsWith("{") && line !== "")]).toEqual([0, []]);
    expect(out.match(/"object":"list"/g)).toHaveLength(2);
    expect(out).toMatch(/NODE +BOOT[^]*\none +[^]*\ntwo +/);
    expect(out).toMatch(/dead at +one, two/);
  }, 120_000);
}

import { version } from "../../package.json";
import { llmGate } from "../support/command-line";
import { runInProcess } from "./in-process";

const COMMANDS = [
  "demo",
  "serve",
  "init",
  "apply",
  "key create",
  "key list",
  "key import",
  "key peppers",
  "user list",
  "group list",
  "key show",
  "key revoke",
  "explain",
  "dlp scan",
  "dlp entities",
  "audit tail",
];

describe("the help", () => {
  it("is what llm-gate alone prints, and no failure", async () => {
    const { code, stdout, stderr } = await llmGate([]);
    expect([code, stderr]).toEqual([0, ""]);
    for (const command of COMMANDS) expect(stdout).toContain(`  ${command.split(" ")[0] ?? ""} `);
  });

  it.each(COMMANDS)("of %s says what it does, shows how, and names the exit codes", async (command) => {
    const { code, stdout } = await runInProcess([...command.split(" "), "--help"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: llm-gate ${command} .*\\n\\n[a-z]`));
    expect(stdout).toContain(`Examples:\n  llm-gate ${command}`);
    expect(stdout).toMatch(/Exit codes:\n {2}0 {2}done\n {2}1 {2}refused or failed\n {2}2 {2}called wrongly/);
    expect(stdout).toContain("--json");
  });

  it("prints the version of the package", async () => {
    expect(await llmGate(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });
});

describe("a command line that makes no sense", () => {
  it.each([
    [["ini"], "unknown command 'ini'\n(Did you mean init?)"],
    [["key", "crate"], "unknown command 'crate'\n(Did you mean create?)"],
    [["init", "--stroe", "x"], "unknown option '--stroe'\n(Did you mean --store?)"],
    [["init", "now"], "too many arguments for 'init'. Expected 0 arguments but got 1."],
    [["apply"], "missing required argument 'file'"],
    [["serve"], "required option '--config <file>' not specified"],
    [["key", "create", "--name", "x"], "required option '--user <email>' not specified"],
    [
      ["explain", "--key-id", "a", "--request", "b", "--protocol", "chta"],
      "Allowed choices are chat, responses, messages",
    ],
  ])("%j gets a word of what was meant and exit code 2", async (args, sentence) => {
    const { code, stdout, stderr } = await runInProcess(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(sentence);
  });

  it("asks for a subcommand where there is only a group", async () => {
    const { code, stderr } = await runInProcess(["key"]);
    expect(code).toBe(2);
    expect(stderr).toContain("Usage: llm-gate key");
  });
});

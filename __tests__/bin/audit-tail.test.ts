import { startLlmGate } from "../support/command-line";
import { place, POLICY } from "./fixtures";
import { runInProcess } from "./in-process";

const at = place();

beforeAll(() => runInProcess(["apply", at.write("policy.yaml", POLICY), ...at.store]));

describe("llm-gate audit tail", () => {
  it("shows the newest records as a table, the oldest of them first", async () => {
    await runInProcess(["key", "create", "--user", "alice@acme.test", "--name", "k", ...at.store]);
    const { code, stdout } = await runInProcess(["audit", "tail", "--limit", "2", ...at.store]);
    const [head, ...rows] = stdout.trimEnd().split("\n");
    expect(head).toMatch(/^TIME +KIND +USER +KEY +PROTOCOL +MODEL +DECISION +STATUS +DLP +WHY$/);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatch(/^20\S+ \S+Z +admin .* key\.create key:[0-9A-Za-z]{10}$/);
    expect(rows[1]).toMatch(/^20\S+ \S+Z +checkpoint .* number 2 over 1 chains$/);
    expect(code).toBe(0);
  });

  it("prints one document for programs", async () => {
    const { stdout } = await runInProcess(["audit", "tail", "--limit", "3", "--json", ...at.store]);
    const { records } = JSON.parse(stdout) as { records: { seq: number; node: string }[] };
    expect(records.map(({ node, seq }) => `${node}:${seq}`)).toEqual(["cli:10", "cli:11", "cli:12"]);
  });

  it("follows what comes, each record once, until it is interrupted", async () => {
    const following = startLlmGate(["audit", "tail", "--follow", "--json", "--limit", "2", ...at.store]);
    const lines = () =>
      following
        .stdout()
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { seq: number });
    await following.printed(/"seq":12\b/);
    expect(lines().map(({ seq }) => seq)).toEqual([11, 12]);
    await runInProcess(["key", "create", "--user", "ann@acme.test", "--name", "k", ...at.store]);
    await following.printed(/"seq":14\b/);
    following.kill("SIGINT");
    expect(await following.ended).toBe(0);
    expect(lines().map(({ seq }) => seq)).toEqual([11, 12, 13, 14]);
  });
});

import { readdirSync } from "node:fs";
import { listeningUrl, llmGateJson, startLlmGate } from "../support/command-line";
import { place, type Place } from "./fixtures";

const at: Place = place();
const store = ["--store", `sqlite:${at.path("demo/gate.db")}`];

/** What a POSIX shell makes of one printed line: words, some in single quotes. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}

/** Does what curl would. */
async function paste(line: string): Promise<Response> {
  const [command, ...words] = wordsOf(line);
  expect(command).toBe("curl");
  const after = (flag: string) => words.flatMap((word, index) => (words[index - 1] === flag ? [word] : []));
  const headers = after("-H").map((header): [string, string] => {
    const [name = "", ...value] = header.split(": ");
    return [name, value.join(": ")];
  });
  const url = words.find((word) => word.startsWith("http:")) ?? "";
  return fetch(url, { method: "POST", headers, body: after("-d")[0] ?? "" });
}

describe("llm-gate demo", () => {
  it("needs nothing: its own printed lines get answers on all three protocols", async () => {
    const running = startLlmGate(["demo", "--port", "0", "--dir", "demo"], { cwd: at.folder });
    const url = await listeningUrl(running);
    const lines = running.stdout().match(/^curl .*$/gm) ?? [];
    const keys = new Set(running.stdout().match(/llmg_[0-9A-Za-z]{49}/g));
    expect(keys.size).toBe(1);
    expect(lines.map((line) => new URL(/http:\S+/.exec(line)?.[0] ?? "").pathname)).toEqual([
      "/v1/chat/completions",
      "/v1/responses",
      "/v1/messages",
    ]);
    for (const line of lines) {
      const answer = await paste(line);
      expect(answer.url.startsWith(url)).toBe(true);
      expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining("[EMAIL_ADDRESS]")]);
    }
    running.kill("SIGTERM");
    expect(await running.ended).toBe(0);
    expect(running.stderr()).toBe("");
    const kept = readdirSync(at.path("demo")).filter((name) => !name.endsWith(".lock"));
    expect(kept.sort()).toEqual(["gate.db", "gate.db.checkpoint.key", "gate.db.pepper", "gate.yaml", "policy.yaml"]);
  });

  it("has a new key after each start, and the one before is void", async () => {
    const running = startLlmGate(["demo", "0", "--dir", "demo", "--json"], { cwd: at.folder });
    await running.printed(/^\}$/m);
    const demo = JSON.parse(running.stdout()) as { listening: string; key: string; curl: string[] };
    const { keys } = await llmGateJson<{ keys: { id: string; status: string }[] }>(["key", "list", ...store]);
    expect(keys.map(({ status }) => status)).toEqual(["active", "revoked"]);
    expect(demo.key.slice(5, 15)).toBe(keys[0]?.id);
    expect((await paste(demo.curl[0] ?? "")).status).toBe(200);

    const { port } = new URL(demo.listening);
    const second = startLlmGate(["demo", port, "--dir", "demo"], { cwd: at.folder });
    expect(await second.ended).toBe(1);
    expect(second.stderr().trim()).toBe(
      `Port ${port} of 127.0.0.1 is in use: stop what listens there, or choose another port.`,
    );
    expect((await paste(demo.curl[0] ?? "")).status).toBe(200);
    running.kill("SIGINT");
    expect(await running.ended).toBe(0);
  });

  it("leaves its policy and its configuration to be changed, and says where a mistake is", async () => {
    at.write("demo/policy.yaml", "organisation: acme\n");
    const running = startLlmGate(["demo", "0", "--dir", "demo"], { cwd: at.folder });
    expect(await running.ended).toBe(2);
    expect(running.stderr()).toContain(
      'demo/policy.yaml:1:1: unknown key "organisation"; did you mean "organization"?',
    );
  });
});

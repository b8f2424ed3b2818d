import { readFileSync, writeFileSync } from "node:fs";
import { listeningUrl, startLlmGate } from "../support/command-line";
import { describeWithPostgres, postgresDatabases } from "../support/postgres-server";
import { place, POLICY } from "./fixtures";
import { runInProcess } from "./in-process";

const at = place();
const checkpoints = at.path("checkpoints.jsonl");
const CONFIG = `listen: { port: 0 }
upstreams: { default: echo }
log: { level: error }
`;

async function json<T>(args: readonly string[]): Promise<T> {
  return JSON.parse((await runInProcess([...args, "--json"])).stdout) as T;
}

async function serving(store: string, env: Readonly<Record<string, string>>) {
  const key = `checkpointKey: ./gate.db.checkpoint.key`;
  const config = `${CONFIG}store: ${store}\naudit: { node: gate-1, checkpoints: ./checkpoints.jsonl, ${key} }\n`;
  const gate = startLlmGate(["serve", "--config", at.write("gate.yaml", config)], { env });
  return { gate, url: await listeningUrl(gate) };
}

async function statusOf(url: string, key: string): Promise<number> {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content: "hello" }] }),
  });
  await answer.text();
  return answer.status;
}

describeWithPostgres("llm-gate copy", () => {
  const database = postgresDatabases();

  it("moves a gate from SQLite to PostgreSQL: keys, revocations, and a trail that the old checkpoints prove", async () => {
    const source = `sqlite:${at.path("gate.db")}`;
    await runInProcess(["apply", at.write("policy.yaml", POLICY), "--store", source]);
    const create = ["key", "create", "--user", "alice@acme.test", "--name", "laptop", "--store", source];
    const [good, revoked] = [
      await json<{ id: string; key: string }>(create),
      await json<{ id: string; key: string }>(create),
    ];
    await runInProcess(["key", "revoke", revoked.id, "--store", source]);
    const publicKey = at.path("checkpoint.pub");
    writeFileSync(publicKey, (await runInProcess(["audit", "public-key", "--store", source])).stdout);

    const first = await serving("{ sqlite: ./gate.db }", {});
    expect(await statusOf(first.url, good.key)).toBe(200);
    const target = await database();
    const refused = await runInProcess(["copy", "--from", source, "--to", target]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("Gates run on")]);
    first.gate.kill("SIGTERM");
    await first.gate.ended;

    const copied = await json<{ rows: Record<string, number> }>(["copy", "--from", source, "--to", target]);
    expect(copied.rows).toMatchObject({ keys: 2, users: 3 });
    expect((await runInProcess(["copy", "--from", source, "--to", target])).stdout).toContain("nothing was done");

    const env = { DATABASE_URL: target, LLM_GATE_PEPPER: readFileSync(at.path("gate.db.pepper"), "utf8").trim() };
    const second = await serving('{ postgres: "${DATABASE_URL}" }', env);
    expect([await statusOf(second.url, good.key), await statusOf(second.url, revoked.key)]).toEqual([200, 401]);
    second.gate.kill("SIGTERM");
    await second.gate.ended;

    const verify = ["audit", "verify", "--checkpoints", checkpoints, "--public-key", publicKey, "--store", target];
    expect(await json(verify)).toMatchObject({ status: "clean" });
    const { records } = await json<{ records: { operation: string | null }[] }>([
      ...["audit", "search", "--node", "cli", "--store", target],
    ]);
    expect(records.map(({ operation }) => operation)).toContain("store.copy");
  }, 60_000);
});

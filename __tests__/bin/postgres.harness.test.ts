import { listeningUrl, llmGate, llmGateJson, startLlmGate } from "../support/command-line";
import { describeWithPostgres, postgresDatabases } from "../support/postgres-server";
import { Client } from "pg";
import { place, POLICY } from "./fixtures";
import { runInProcess } from "./in-process";

const at = place();
const policy = at.write("policy.yaml", POLICY);
/** A revocation shows within half a second; the rest is for a busy machine. */
const REVOKED_MS = 3_000;

describeWithPostgres("llm-gate on PostgreSQL", () => {
  const database = postgresDatabases();

  async function environment(): Promise<Readonly<Record<string, string>>> {
    const url = await database();
    return { LLM_GATE_STORE: url, DATABASE_URL: url, LLM_GATE_PEPPER: "p".repeat(48) };
  }

  async function query(url: string, text: string): Promise<readonly unknown[]> {
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<object>(text);
    await client.end();
    return rows;
  }

  const init = async (env: Readonly<Record<string, string>>): Promise<unknown> =>
    JSON.parse((await runInProcess(["init", "--json"], { env })).stdout);

  const models = (url: string, key: string) =>
    fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });

  it("serves one store from two nodes, and a key that one command revokes is dead on both", async () => {
    const env = await environment();
    const made = await llmGateJson(["init"], { env });
    expect(made).toMatchObject({ pepper: { state: "environment" }, checkpointKey: null });
    expect((await llmGate(["apply", policy], { env })).code).toBe(0);
    const create = ["key", "create", "--user", "alice@acme.test", "--name", "laptop"];
    const { id, key } = await llmGateJson<{ id: string; key: string }>(create, { env });
    const nodes = ["one", "two"].map((node) => {
      const config = `listen: { port: 0 }\nstore: { postgres: "\${DATABASE_URL}" }\nupstreams: { default: echo }\naudit: { node: ${node} }\n`;
      return startLlmGate(["serve", "--config", at.write(`${node}.yaml`, config)], { env });
    });
    const urls = await Promise.all(nodes.map(listeningUrl));
    for (const url of urls) expect((await models(url, key)).status).toBe(200);
    expect((await llmGate(["key", "revoke", id], { env })).code).toBe(0);
    const began = performance.now();
    for (const url of urls) while ((await models(url, key)).status !== 401);
    expect(performance.now() - began).toBeLessThan(REVOKED_MS);
    for (const node of nodes) node.kill("SIGTERM");
    expect(await Promise.all(nodes.map(({ ended }) => ended))).toEqual([0, 0]);
    const { records } = await llmGateJson<{ records: { node: string; kind: string }[] }>(["audit", "tail"], { env });
    expect(new Set(records.map(({ node }) => node))).toEqual(new Set(["cli", "one", "two"]));
  });

  it("does not serve a node's name twice", async () => {
    const env = await environment();
    const config = at.write(
      "same.yaml",
      'listen: { port: 0 }\nstore: { postgres: "${DATABASE_URL}" }\nupstreams: { default: echo }\n',
    );
    const first = startLlmGate(["serve", "--config", config], { env });
    await listeningUrl(first);
    const second = await llmGate(["serve", "--config", config], { env });
    expect([second.code, second.stderr]).toEqual([
      1,
      expect.stringContaining("Another running process already writes"),
    ]);
    first.kill("SIGTERM");
    expect(await first.ended).toBe(0);
  });

  it("makes a store only where it is told to, and says whether it made one", async () => {
    const url = await database();
    const env = { LLM_GATE_STORE: url, LLM_GATE_PEPPER: "p".repeat(48) };
    const to = `sqlite:${at.path("copied.db")}`;
    const tables = async () =>
      (await query(url, "select table_name from information_schema.tables where table_schema = 'public'")).length;
    for (const args of [["nodes"], ["key", "list"], ["audit", "tail"], ["copy", "--from", url, "--to", to]]) {
      const { code, stderr } = await runInProcess(args, { env });
      expect([code, stderr]).toEqual([1, expect.stringMatching(/^There is no store in the database .*llm-gate init/)]);
    }
    expect(await tables()).toBe(0);
    expect(await init(env)).toMatchObject({ database: { state: "created" } });
    expect(await init(env)).toMatchObject({ database: { state: "existing" } });
    expect((await runInProcess(["nodes"], { env })).code).toBe(0);
  });

  it("explains by the database's clock whether a key has expired, as the gates judge it", async () => {
    const env = await environment();
    const json = async (args: readonly string[]): Promise<unknown> =>
      JSON.parse((await runInProcess([...args, "--json"], { env })).stdout);
    await json(["apply", policy]);
    const create = ["key", "create", "--user", "alice@acme.test", "--name", "short", "--expires", "1h"];
    const { id } = await llmGateJson<{ id: string }>(create, { env });
    const body = at.write("asked.json", '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}');
    const now = Date.now();
    const clock = jest.spyOn(Date, "now").mockReturnValue(now + 2 * 3_600_000);
    const explained = await json(["explain", "--key-id", id, "--request", body, "--protocol", "chat"]);
    clock.mockRestore();
    expect(explained).toMatchObject({ decision: "allow" });
  });

  it("makes nothing with a pepper that no gate would take", async () => {
    const env = { LLM_GATE_STORE: await database(), LLM_GATE_PEPPER: "short" };
    const { code, stderr } = await runInProcess(["init"], { env });
    expect([code, stderr]).toEqual([1, expect.stringContaining("32 bytes")]);
    expect((await runInProcess(["nodes"], { env })).code).toBe(1);
  });

  it("says what a user lacks that may not make tables, and of a server without TLS that TLS was asked for", async () => {
    const url = new URL(await database());
    const name = `reader_${url.pathname.slice(1)}`;
    await query(url.href, `create role ${name} login`);
    const as = (change: (url: URL) => unknown) => {
      const other = new URL(url);
      change(other);
      return { LLM_GATE_STORE: other.href, LLM_GATE_PEPPER: "p".repeat(48) };
    };
    const reader = await runInProcess(["init"], { env: as((other) => (other.username = name)) });
    expect([reader.code, reader.stderr]).toEqual([
      1,
      expect.stringMatching(/permission denied for schema public.*own/),
    ]);
    await query(url.href, `drop role ${name}`);
    const secure = await runInProcess(["init"], {
      env: as((other) => other.searchParams.set("sslmode", "verify-full")),
    });
    expect([secure.code, secure.stderr]).toEqual([1, expect.stringContaining("over TLS")]);
  });

  it("shows no password, whatever is wrong", async () => {
    const url = new URL(await database());
    url.password = "s3cret";
    url.pathname = "/absent";
    const env = { LLM_GATE_STORE: url.href, LLM_GATE_PEPPER: "p".repeat(48) };
    for (const args of [["init"], ["key", "list"], ["apply", policy]]) {
      const { code, stderr } = await llmGate(args, { env });
      expect([code, stderr]).toEqual([
        1,
        `The database postgres://${url.host}/absent does not exist: create it first.\n`,
      ]);
    }
  });
});

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { postgresStore } from "../../../adapters/stores/postgres";
import type { AuditRecord } from "../../../lib/audit/record";
import {
  endAllCommands,
  listeningUrl,
  llmGateJson,
  startLlmGate,
  type RunningCommand,
} from "../../support/command-line";
import { DIALECTS } from "../../support/dialects";
import { describeWithOwnPostgres, ownPostgres } from "../../support/postgres-server";

const POLICY = `organization: acme
models: [{ id: gpt-4o-mini, provider: openai }]
groups: [{ name: everyone, personalApiKeyAccess: true, models: ["*"] }]
users: [{ email: alice@acme.test, groups: [everyone] }]
`;

interface Running {
  readonly gate: RunningCommand;
  readonly url: string;
}

describeWithOwnPostgres("a gate whose PostgreSQL is away, with a spool", () => {
  const server = ownPostgres();
  const folder = mkdtempSync(join(tmpdir(), "llm-gate-spool-"));
  const env = { LLM_GATE_PEPPER: randomBytes(32).toString("base64") };
  const spool = join(folder, "gate.spool");
  let store = "";
  let key = "";
  /** Request ids that a client got an answer for. */
  const acknowledged: string[] = [];

  beforeAll(async () => {
    store = await server().database();
    const policy = join(folder, "policy.yaml");
    writeFileSync(policy, POLICY);
    const options = { env };
    await llmGateJson(["init", "--store", store], options);
    await llmGateJson(["apply", policy, "--store", store], options);
    const created = await llmGateJson<{ key: string }>(
      ["key", "create", "--user", "alice@acme.test", "--name", "k", "--store", store],
      options,
    );
    key = created.key;
    const settings = `store: { postgres: "${store}" }\nupstreams: { default: echo }\n`;
    const audit = `audit: { node: gate-1, spool: { path: ./gate.spool } }\ndrainMs: 500\nlog: { level: error }\n`;
    writeFileSync(join(folder, "gate.yaml"), `listen: { port: 0 }\n${settings}${audit}`);
  }, 60_000);

  afterAll(() => {
    server().thaw();
    endAllCommands();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(): Promise<Running> {
    const gate = startLlmGate(["serve", "--config", join(folder, "gate.yaml")], { env });
    return { gate, url: await listeningUrl(gate) };
  }

  /** One call of each dialect, streamed and not; their statuses. */
  async function callAll({ url }: Running): Promise<readonly number[]> {
    const calls = DIALECTS.flatMap((dialect) => [false, true].map((stream) => ({ dialect, stream })));
    return Promise.all(
      calls.map(async ({ dialect, stream }) => {
        const answer = await fetch(url + dialect.path, {
          method: "POST",
          headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
          body: JSON.stringify(dialect.ask("hello", { stream, store: false })),
        });
        await answer.text();
        if (answer.status === 200) acknowledged.push(answer.headers.get("x-request-id") ?? "");
        return answer.status;
      }),
    );
  }

  async function trail(): Promise<readonly AuditRecord[]> {
    const reading = postgresStore(store);
    await reading.open();
    const log = reading.auditLog({ node: "reader", boot: "reader" });
    const records = (await log.read({ node: "gate-1", limit: 10_000 })).map(({ record }) => record);
    await log.close();
    await reading.close();
    return records;
  }

  const taken = (): boolean => statSync(spool).size > 100;
  const ALL_TAKEN = [200, 200, 200, 200, 200, 200];

  it("goes on with calls while the database is stopped, gone or frozen, through a SIGKILL, and has all on record once", async () => {
    acknowledged.length = 0;
    let running = await start();
    expect(await callAll(running)).toEqual(ALL_TAKEN);
    await server().kill();
    expect(await callAll(running)).toEqual(ALL_TAKEN);
    expect(taken()).toBe(true);
    running.gate.kill("SIGKILL");
    await running.gate.ended;
    await server().start();

    running = await start();
    expect(await callAll(running)).toEqual(ALL_TAKEN);
    server().freeze();
    expect(await callAll(running)).toEqual(ALL_TAKEN);
    expect(taken()).toBe(true);
    server().thaw();
    const back = performance.now();
    while (taken() && performance.now() - back < 15_000) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(taken()).toBe(false);
    expect(await callAll(running)).toEqual(ALL_TAKEN);
    running.gate.kill("SIGTERM");
    await running.gate.ended;

    const records = await trail();
    const kindsOf = (id: string) => records.filter(({ requestId }) => requestId === id).map(({ kind }) => kind);
    expect(acknowledged).toHaveLength(30);
    expect(acknowledged.filter((id) => kindsOf(id).join() !== "intent,completion")).toEqual([]);
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index + 1));
    expect(await llmGateJson(["audit", "verify", "--store", store], { env })).toMatchObject({
      ...{ status: "clean", firstBad: null, openIntents: { count: 0 } },
    });
  }, 120_000);
});

import { randomBytes } from "node:crypto";
import { postgresStore } from "../../adapters/stores/postgres";
import { sqliteStore } from "../../adapters/stores/sqlite";
import { OPEN_POLICY } from "../../adapters/testing";
import { createAdmin } from "../../lib/admin";
import { createPeppers } from "../../lib/keys/pepper";
import type { Store } from "../../lib/ports/store";
import { listeningUrl, startLlmGate, type RunningCommand } from "../support/command-line";
import { freePort } from "../support/own-process";
import { describeWithPostgres, postgresDatabases } from "../support/postgres-server";
import { isSigned, webhookReceiver, type WebhookReceiver } from "../support/webhook-receiver";
import { place } from "./fixtures";
import { runInProcess } from "./in-process";

const PEPPER = randomBytes(32).toString("base64");
const SECRET = `whsec_${randomBytes(32).toString("base64")}`;
const ENV = { LLM_GATE_PEPPER: PEPPER, SECRET };
/** Two gates one after the other, on a machine that is busy. */
const PATIENCE_MS = 60_000;
const CLOCK = { now: () => Date.now(), monotonic: () => performance.now() };

interface Site {
  readonly key: string;
  /** The port that the sink's receiver listens on when it is there. */
  readonly port: number;
  start(): Promise<{ readonly server: RunningCommand; call(): Promise<number> }>;
  /** `node:seq` of every record of a chain. */
  recorded(node: string): Promise<readonly string[]>;
  sinks(): Promise<readonly { readonly sink: string; readonly behind: number; readonly error: string | null }[]>;
}

function suite(
  here: ReturnType<typeof place>,
  database: () => Promise<{ store: Store; yaml: string; option: string }>,
  kills: "one" | "all" = "all",
) {
  let receiver: WebhookReceiver | null = null;
  afterEach(async () => {
    await receiver?.close();
    receiver = null;
  });

  async function site(): Promise<Site> {
    const { store, yaml, option } = await database();
    await store.open();
    const peppers = createPeppers({ current: 1, versions: { 1: PEPPER } });
    const admin = createAdmin({ store, peppers, clock: CLOCK, random: (size) => randomBytes(size) });
    await admin.applyPolicy(OPEN_POLICY);
    const { key } = await admin.createKey({ email: "alice@example.com", name: "laptop" });
    await store.close();
    const port = await freePort();
    const webhook = `{ webhook: { url: "http://127.0.0.1:${port}/audit", secret: "\${SECRET}" } }`;
    const file = `listen: { port: 0 }\nstore: ${yaml}\nupstreams: { default: echo }\naudit: { node: gate-1, sinks: [${webhook}] }\n`;
    const config = here.write(`gate-${port}.yaml`, file);
    return {
      ...{ key, port },
      async start() {
        const server = startLlmGate(["serve", "--config", config], { env: ENV });
        const url = await listeningUrl(server);
        return { server, call: () => call(url, key) };
      },
      async recorded(node) {
        await store.open();
        const log = store.auditLog({ node: "reader", boot: "r" });
        const records = await log.read({ node, afterSeq: 0, limit: 10_000 });
        await log.close();
        await store.close();
        return records.map(({ record }) => `${record.node}:${record.seq}`);
      },
      async sinks() {
        const { stdout } = await runInProcess(["audit", "sinks", "--json", "--store", option]);
        return (JSON.parse(stdout) as { sinks: Awaited<ReturnType<Site["sinks"]>> }).sinks;
      },
    };
  }

  it(
    "delivers every record after kill -9 of a gate whose sink was away, in order, none twice",
    async () => {
      const { port, start, recorded, sinks } = await site();
      const first = await start();
      expect(await Promise.all(Array.from({ length: 10 }, first.call))).toEqual(Array(10).fill(200));
      first.server.kill("SIGKILL");
      await first.server.ended;
      expect((await sinks())[0]).toMatchObject({ sink: "webhook" });
      expect((await sinks())[0]?.behind).toBeGreaterThanOrEqual(20);
      receiver = await webhookReceiver(port);
      const second = await start();
      expect(await second.call()).toBe(200);
      second.server.kill("SIGTERM");
      expect(await second.server.ended).toBe(0);
      const got = receiver.got.filter((id) => id.startsWith("gate-1:"));
      expect(got).toEqual(await recorded("gate-1"));
      expect(receiver.messages.every((message) => isSigned(message, SECRET))).toBe(true);
      expect(await sinks()).toMatchObject([{ sink: "webhook", behind: 0, error: null }]);
      expect(first.server.stderr() + second.server.stderr()).not.toContain(SECRET);
    },
    PATIENCE_MS,
  );

  if (kills === "one") return;

  it(
    "answers calls while the sink hangs, and repeats after kill -9 no more than what was not noted",
    async () => {
      const { port, start, recorded } = await site();
      receiver = await webhookReceiver(port);
      const acknowledged = receiver;
      const first = await start();
      expect(await first.call()).toBe(200);
      await acknowledged.has(2);
      let hanging = 0;
      acknowledged.answer = () => new Promise(() => (hanging += 1));
      expect(await Promise.all(Array.from({ length: 10 }, first.call))).toEqual(Array(10).fill(200));
      while (hanging === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(await first.call()).toBe(200);
      first.server.kill("SIGKILL");
      await first.server.ended;
      acknowledged.answer = () => undefined;
      const second = await start();
      second.server.kill("SIGTERM");
      expect(await second.server.ended).toBe(0);
      const got = acknowledged.got.filter((id) => id.startsWith("gate-1:"));
      expect([...new Set(got)]).toEqual(await recorded("gate-1"));
    },
    PATIENCE_MS,
  );
}

async function call(url: string, key: string): Promise<number> {
  const body = JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content: "hello" }] });
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const response = await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body });
  await response.text();
  return response.status;
}

describe("sinks of a trail in SQLite", () => {
  const here = place();
  let count = 0;
  suite(here, async () => {
    const path = here.path(`gate-${(count += 1)}.db`);
    return { store: sqliteStore(path), yaml: `{ sqlite: ${path} }`, option: `sqlite:${path}` };
  });

  it("are forgotten on record, and only when they are there", async () => {
    const path = here.path("forget.db");
    const store = sqliteStore(path);
    await store.open();
    await store.sinks?.take({ sink: "old", holder: "gone", leaseMs: 1, heads: [], from: "beginning" });
    await store.close();
    const forget = (name: string) => runInProcess(["audit", "sinks", "--forget", name, "--store", `sqlite:${path}`]);
    expect(await forget("old")).toMatchObject({ code: 0, stdout: "No sink was ever there.\n" });
    expect(await forget("old")).toMatchObject({ code: 1, stderr: 'There is no sink "old".\n' });
    const { stdout } = await runInProcess(["audit", "tail", "--json", "--store", `sqlite:${path}`]);
    expect(stdout).toContain('"operation": "sink.forget"');
  });
});

describeWithPostgres("sinks of a trail in PostgreSQL", () => {
  const fresh = postgresDatabases();
  suite(
    place(),
    async () => {
      const url = await fresh();
      return { store: postgresStore(url), yaml: `{ postgres: "${url}" }`, option: url };
    },
    "one",
  );
});

import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { listeningUrl, llmGate, llmGateJson, startLlmGate, type RunningCommand } from "../support/command-line";
import { place, POLICY } from "./fixtures";
import { runInProcess } from "./in-process";
import { heldUpstream, type HeldUpstream } from "./held-upstream";

const at = place();
const policy = at.write("policy.yaml", POLICY);
let upstream: HeldUpstream;

beforeAll(async () => {
  upstream = await heldUpstream();
});
afterAll(() => upstream.close());

interface Served {
  readonly running: RunningCommand;
  readonly url: string;
}

async function serve(name: string, more = "", env: Readonly<Record<string, string>> = {}): Promise<Served> {
  const config = at.write(
    `${name}.yaml`,
    `listen: { host: 127.0.0.1, port: 0 }
store: { sqlite: ./${name}.db }
upstreams: { openai: { baseUrl: "\${UPSTREAM}", apiKey: \${PROVIDER_KEY} }, default: echo }
audit: { node: gate-1, checkpoints: ${name}.jsonl }
${more}`,
  );
  const running = startLlmGate(["serve", "--config", config], {
    env: { UPSTREAM: upstream.origin, PROVIDER_KEY: "sk-provider", ...env },
  });
  return { running, url: await listeningUrl(running) };
}

const storeOf = (name: string) => ["--store", `sqlite:${at.path(`${name}.db`)}`];

const CREATE = ["key", "create", "--user", "alice@acme.test", "--name", "k"];

/** A store with the policy in it; gives the key of a user. */
async function prepare(name: string): Promise<string> {
  await runInProcess(["apply", policy, ...storeOf(name)]);
  const { stdout } = await runInProcess([...CREATE, "--json", ...storeOf(name)]);
  return (JSON.parse(stdout) as { key: string }).key;
}

interface TrailRecord {
  readonly kind: string;
  readonly node: string;
  readonly requestId: string;
  readonly outcome: string | null;
}

async function trail(name: string): Promise<readonly TrailRecord[]> {
  const { stdout } = await runInProcess(["audit", "tail", "--limit", "1000", "--json", ...storeOf(name)]);
  const { records } = JSON.parse(stdout) as { records: readonly TrailRecord[] };
  return records.filter(({ node, kind }) => node === "gate-1" && kind !== "checkpoint");
}

const models = (url: string, key: string) => fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });

/** Asks until the answer is as wanted; gives the milliseconds that it took. */
async function until(ask: () => Promise<Response>, wanted: (answer: Response) => Promise<boolean> | boolean) {
  const since = performance.now();
  while (!(await wanted(await ask()))) {
    if (performance.now() - since > 10_000) throw new Error("it never came");
    await sleep(20);
  }
  return performance.now() - since;
}

/** Opens a stream and waits for its first event. */
async function openStream(url: string, key: string) {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "gpt-4o-mini", stream: true, messages: [{ role: "user", content: "hi" }] }),
  });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const first = Buffer.from((await reader.read()).value ?? []).toString();
  expect([response.status, first]).toEqual([200, expect.stringContaining("first")]);
  return {
    requestId: response.headers.get("x-request-id") ?? "",
    async rest(): Promise<string> {
      let text = "";
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return text;
        text += Buffer.from(value).toString();
      }
    },
  };
}

describe("llm-gate serve", () => {
  it("makes a store that never was, answers probes, and nobody without a key", async () => {
    const { running, url } = await serve("fresh");
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
    expect(running.stdout()).toBe(`listening on ${url}\n`);
    expect(existsSync(at.path("fresh.db.pepper"))).toBe(true);
    const probes = await Promise.all(["/healthz", "/readyz"].map((path) => fetch(url + path)));
    expect(probes.map(({ status }) => status)).toEqual([200, 200]);
    const [stranger, elsewhere] = await Promise.all([models(url, `llmg_${"a".repeat(49)}`), fetch(`${url}/metrics`)]);
    expect([stranger.status, elsewhere.status]).toEqual([401, 404]);
    expect(elsewhere.headers.get("x-powered-by")).toBeNull();
    running.kill("SIGINT");
    expect(await running.ended).toBe(0);
    expect(running.stderr()).not.toContain("sk-provider");
  });

  it("goes on, and ends in order, when nobody reads its log any more", async () => {
    const { running, url } = await serve("unread", "log: { level: debug }");
    running.stopReading();
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    // It has something to say when it stops.
    running.kill("SIGTERM");
    expect(await running.ended).toBe(0);
  });

  it("signs checkpoints outside the database with the key that was made for them", async () => {
    const { running } = await serve("signed");
    running.kill("SIGTERM");
    expect(await running.ended).toBe(0);
    const lines = readFileSync(at.path("signed.jsonl"), "utf8").trim().split("\n");
    expect(lines.length).toBeGreaterThanOrEqual(1);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(lines.map(() => expect.any(Object)));
  });

  it("refuses to be a node that runs already", async () => {
    const { running } = await serve("claimed");
    const second = startLlmGate(["serve", "--config", at.path("claimed.yaml")], {
      env: { UPSTREAM: upstream.origin, PROVIDER_KEY: "sk-provider" },
    });
    expect(await second.ended).toBe(1);
    expect(second.stdout()).toBe("");
    expect(second.stderr()).toContain('Another running process already writes this audit trail as node "gate-1"');
    running.kill("SIGTERM");
    expect(await running.ended).toBe(0);
  });

  it("follows the command line within half a second: policy, key, revocation", async () => {
    const { running, url } = await serve("live");
    await llmGate(["apply", policy, ...storeOf("live")]);
    const { id, key } = await llmGateJson<{ id: string; key: string }>([...CREATE, ...storeOf("live")]);
    const ids = async (answer: Response) => JSON.stringify(await answer.json());
    await until(
      () => models(url, key),
      async (answer) => (await ids(answer)).includes("gpt-4o-mini"),
    );

    const more = at.write("more.yaml", POLICY.replace("models:\n", "models:\n  - { id: gpt-new, provider: openai }\n"));
    await llmGate(["apply", more, ...storeOf("live")]);
    const seen = await until(
      () => models(url, key),
      async (answer) => (await ids(answer)).includes("gpt-new"),
    );
    await llmGate(["key", "revoke", id, ...storeOf("live")]);
    const gone = await until(
      () => models(url, key),
      ({ status }) => status === 401,
    );
    // The commands had ended before the clock started; a busy machine gets three times the bound.
    expect(Math.max(seen, gone)).toBeLessThan(1_500);
    running.kill("SIGTERM");
    expect(await running.ended).toBe(0);
  });

  it("drains on SIGTERM: open streams finish, nobody new gets in, every call is on record", async () => {
    const key = await prepare("drain");
    const { running, url } = await serve("drain");
    const streams = await Promise.all(Array.from({ length: 20 }, () => openStream(url, key)));
    running.kill("SIGTERM");
    await until(
      () => models(url, key).catch(() => new Response(null, { status: 503 })),
      ({ status }) => status === 503,
    );
    upstream.finish();
    const endings = await Promise.all(streams.map((stream) => stream.rest()));
    expect(endings.every((text) => text.endsWith("data: [DONE]\n\n") && !text.includes("error"))).toBe(true);
    expect(await running.ended).toBe(0);
    const asked = new Set(streams.map(({ requestId }) => requestId));
    const records = (await trail("drain")).filter(({ requestId }) => asked.has(requestId));
    const outcomes = records.filter(({ kind }) => kind === "completion").map(({ outcome }) => outcome);
    expect(records.filter(({ kind }) => kind === "intent")).toHaveLength(20);
    expect(outcomes).toEqual(Array(20).fill("ok"));
  });

  it("ends streams that overrun the grace with their dialect's error", async () => {
    const key = await prepare("overrun");
    const { running, url } = await serve("overrun", "drainMs: 100\n");
    const stream = await openStream(url, key);
    running.kill("SIGTERM");
    const text = await stream.rest();
    expect(text).toMatch(/event: error\ndata: .*stream_error.*\n\ndata: \[DONE\]\n\n$/);
    expect(await running.ended).toBe(0);
    const records = (await trail("overrun")).filter(({ requestId }) => requestId === stream.requestId);
    expect(records.map(({ kind }) => kind)).toEqual(["intent", "completion"]);
  });

  it("ends at once when it is told twice, and with 0 when it is told while it starts", async () => {
    const key = await prepare("twice");
    const { running, url } = await serve("twice");
    await openStream(url, key);
    running.kill("SIGTERM");
    await until(
      () => models(url, key).catch(() => new Response(null, { status: 503 })),
      ({ status }) => status === 503,
    );
    running.kill("SIGTERM");
    expect(await running.ended).toBe(1);

    const starting = startLlmGate([
      "serve",
      "--config",
      at.write("early.yaml", "store: { sqlite: early.db }\nlisten: { port: 0 }\n"),
    ]);
    while (!existsSync(at.path("early.db.pepper"))) await sleep(1);
    starting.kill("SIGTERM");
    expect(await starting.ended).toBe(0);
  });

  it("closes the open calls of a killed server as interrupted when it starts again", async () => {
    const key = await prepare("killed");
    const { running, url } = await serve("killed");
    const stream = await openStream(url, key);
    running.kill("SIGKILL");
    await running.ended;
    await stream.rest().catch(() => undefined);
    const kinds = async () =>
      (await trail("killed")).filter(({ requestId }) => requestId === stream.requestId).map(({ kind }) => kind);
    expect(await kinds()).toEqual(["intent"]);
    const again = await serve("killed");
    expect(await kinds()).toEqual(["intent", "interrupted"]);
    again.running.kill("SIGTERM");
    expect(await again.running.ended).toBe(0);
  });

  it("puts what was open on record and ends with 1 when an error is not caught, and quotes nothing of it", async () => {
    const key = await prepare("crash");
    const preload = at.write(
      "crash.js",
      'process.on("SIGUSR2", () => setImmediate(() => { throw new RangeError("what a caller said"); }));',
    );
    const { running, url } = await serve("crash", "", { NODE_OPTIONS: `--require ${preload}` });
    const stream = await openStream(url, key);
    running.kill("SIGUSR2");
    expect(await running.ended).toBe(1);
    await stream.rest().catch(() => undefined);
    expect(running.stderr()).toContain('"error":"RangeError"');
    expect(running.stderr()).toContain("crash.js:1");
    expect(running.stderr()).not.toContain("what a caller said");
    expect((await trail("crash")).map(({ kind }) => kind)).toEqual(["intent", "completion"]);
  });
});

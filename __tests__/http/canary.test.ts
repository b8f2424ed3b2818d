import { existsSync, readdirSync, readFileSync } from "node:fs";
import { listeningUrl, startLlmGate, type RunningCommand } from "../support/command-line";
import { place } from "../bin/fixtures";
import { runInProcess } from "../bin/in-process";
import { canariesIn, canary, type Canary } from "../support/canaries";
import { COLLECTOR_TOKEN, HOOK_SECRET, sinkTargets } from "../support/canary-sinks";
import { DIALECTS, MODEL } from "../support/dialects";
import { describeWithNats } from "../support/nats-server";
import { presidioServer, type PresidioServer } from "../support/presidio-server";
import { begun, json, scriptedUpstream, streamed, type ScriptedUpstream } from "../support/scripted-upstream";

const CARD = "4111-1111-1111-1111";
const MAIL = "canary.person@secret-example.com";
const KEY_BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCcanary";
const PRIVATE_KEY = `-----BEGIN PRIVATE KEY-----\n${KEY_BODY}\n-----END PRIVATE KEY-----`;
const NAME = "Ada Lovelace";
const CODENAME = "canary heron rising";
const PROVIDER_KEY = "sk-canary-provider-0123456789";
const WRONG_KEY = "llmg_canary0000wrongkeywrongkeywrongkeywrongkeywrong99";
const SAID = `card ${CARD}, mail ${MAIL}, by ${NAME}`;

const POLICY = `organization: acme
models: [{ id: ${MODEL}, provider: openai }]
groups: [{ name: all, personalApiKeyAccess: true, models: ["*"] }]
users: [{ email: alice@acme.test, groups: [all] }]
dlp:
  request: { CREDIT_CARD: redact, EMAIL_ADDRESS: tokenize, PRIVATE_KEY: block, PERSON: redact }
  response: { CREDIT_CARD: redact, EMAIL_ADDRESS: redact, PERSON: redact, PRIVATE_KEY: block }
  custom: [{ name: CODENAME, regex: "canary [a-z]+ rising", action: block }]
`;

/** Where something is written down while and after calls are made. A sink of the trail is one more of these. */
interface WrittenPlace {
  readonly name: string;
  readonly read: () => Promise<Buffer>;
}

interface SinkPlaces {
  readonly sinks: readonly { readonly sink: string; readonly behind: number }[];
}

const at = place();
const sinks = sinkTargets();
let upstream: ScriptedUpstream;
let presidio: PresidioServer;
let gate: RunningCommand;
let url: string;
let canaries: readonly Canary[] = [];
const errorBodies: Buffer[] = [];
let apiKey = "";

const store = ["--store", `sqlite:${at.path("gate.db")}`];

beforeAll(async () => {
  upstream = await scriptedUpstream();
  presidio = await presidioServer();
  const config = at.write(
    "gate.yaml",
    `listen: { host: 127.0.0.1, port: 0 }
store: { sqlite: ./gate.db }
upstreams: { openai: { baseUrl: "${upstream.origin}", apiKey: "\${PROVIDER_KEY}" } }
audit:
  checkpoints: ./checkpoints.jsonl
  sinks: ${sinks().settings}
dlp: { budgetMs: 5000, detectors: [{ presidio: { url: "${presidio.url}", entities: [PERSON], timeoutMs: 4000 } }] }
log: { level: debug, audit: true }
`,
  );
  await ok(["apply", at.write("policy.yaml", POLICY), "--config", config, ...store]);
  const made = await ok(["key", "create", "--user", "alice@acme.test", "--name", "k", ...store, "--json"]);
  apiKey = (JSON.parse(made.toString()) as { key: string }).key;
  canaries = [
    canary("API key", apiKey.slice("llmg_".length + 10)),
    canary("wrong key", WRONG_KEY.slice("llmg_".length + 10)),
    canary("provider key", PROVIDER_KEY),
    canary("hook secret", HOOK_SECRET),
    canary("collector token", COLLECTOR_TOKEN),
    ...[CARD, MAIL, KEY_BODY, NAME, CODENAME].map((text) => canary(text.slice(0, 6), text)),
  ];
  gate = startLlmGate(["serve", "--config", config], { env: { PROVIDER_KEY } });
  url = await listeningUrl(gate);
  for (const dialect of DIALECTS) await everyKindOfCall(dialect);
  gate.kill("SIGTERM");
  expect(await gate.ended).toBe(0);
}, 60_000);

afterAll(async () => {
  await Promise.all([upstream.close(), presidio.close()]);
});

async function ok(args: readonly string[]): Promise<Buffer> {
  const { code, stdout, stderr } = await runInProcess(args, { env: { PROVIDER_KEY } });
  expect([args, code, stderr]).toEqual([args, 0, stderr]);
  return Buffer.from(stdout + stderr);
}

/** Allowed, redacted, blocked, refused, failed and broken, streamed and not. */
async function everyKindOfCall({ path, ask, answer, events }: (typeof DIALECTS)[number]): Promise<void> {
  const call = async (expected: number, body: unknown, headers: Record<string, string> = {}): Promise<void> => {
    const bytes = typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(url + path, {
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json", ...headers },
      body: bytes,
    });
    const text = await response.text();
    expect([response.status, text]).toEqual([expected, text]);
    if (expected >= 400) errorBodies.push(Buffer.from(text + JSON.stringify([...response.headers])));
  };
  await call(200, ask("nothing"));
  await call(200, ask(SAID));
  upstream.next(json(answer(SAID)));
  await call(200, ask(SAID, { user: SAID, metadata: { [MAIL]: CARD } }));
  upstream.next(streamed(events("card 4111-11", "11-1111-1111", `, ${MAIL}, ${NAME}`, ".")));
  await call(200, ask(SAID, { stream: true }));
  upstream.next(json(answer(PRIVATE_KEY)));
  await call(200, ask("x"));
  upstream.next(streamed(events("so ", CODENAME, " it is")));
  await call(200, ask("x", { stream: true }));
  await call(400, ask(PRIVATE_KEY));
  await call(400, ask(`the ${CODENAME}`, { stream: true }));
  await call(400, `{"model":"${MODEL}","input":"${SAID}","messages":[{"content":"${SAID}"`);
  await call(400, ask("x", { stream: SAID }));
  await call(400, { ...ask(SAID), model: "unheard-of" });
  await call(415, SAID, { "content-type": `text/plain; x="${MAIL}"` });
  await call(401, ask(SAID), { authorization: `Bearer ${WRONG_KEY}` });
  await call(401, ask(SAID), { authorization: `Basic ${Buffer.from(apiKey).toString("base64")}` });
  upstream.next(json({ error: { message: "overloaded" } }, 503));
  await call(503, ask(SAID));
  upstream.next((req) => req.socket.destroy());
  await call(502, ask(SAID));
  upstream.next(begun(events(SAID).slice(0, -1), (_res, req) => void req.socket.resetAndDestroy()));
  await call(200, ask(SAID, { stream: true }));
  presidio.misbehave((res) => void res.writeHead(500).end(JSON.stringify({ error: SAID })));
  await call(503, ask(`now ${SAID} ${path}`));
  presidio.misbehave((res) => void res.end(SAID));
  await call(503, ask(`then ${SAID} ${path}`));
  presidio.misbehave(null);
}

const files = (wanted: RegExp) => (): Promise<Buffer> =>
  Promise.resolve(
    Buffer.concat(
      readdirSync(at.folder)
        .filter((name) => wanted.test(name))
        .map((name) => readFileSync(at.path(name))),
    ),
  );

const WRITTEN: readonly WrittenPlace[] = [
  { name: "the database, with its log", read: files(/^gate\.db(?:-wal|-shm)?$/) },
  { name: "the checkpoints' file", read: files(/^checkpoints\.jsonl$/) },
  { name: "the server's standard output", read: () => Promise.resolve(Buffer.from(gate.stdout())) },
  { name: "the server's standard error, its log", read: () => Promise.resolve(Buffer.from(gate.stderr())) },
  { name: "bodies and heads of refusals and failures", read: () => Promise.resolve(Buffer.concat(errorBodies)) },
  { name: "what a webhook was sent", read: () => Promise.resolve(sinks().hooked()) },
  { name: "what an OpenTelemetry collector was sent", read: () => Promise.resolve(sinks().collected()) },
  { name: "audit export as JSON lines", read: () => ok(["audit", "export", "--format", "jsonl", ...store]) },
  { name: "audit export as CSV", read: () => ok(["audit", "export", "--format", "csv", ...store]) },
  { name: "audit search", read: () => ok(["audit", "search", "--limit", "1000", ...store]) },
  { name: "audit tail", read: () => ok(["audit", "tail", "--limit", "1000", "--json", ...store]) },
  {
    name: "audit verify",
    read: () => ok(["audit", "verify", "--checkpoints", at.path("checkpoints.jsonl"), ...store]),
  },
  { name: "the list of keys", read: () => ok(["key", "list", ...store]) },
  {
    name: "a scan for people",
    read: async () => Buffer.from((await runInProcess(["dlp", "scan", at.write("said.txt", SAID)])).stdout),
  },
];

it("would be found in each of its forms", () => {
  for (const one of [canary("card", CARD), canary("name", NAME)]) {
    for (const [form, bytes] of one.forms) {
      expect(canariesIn(Buffer.concat([Buffer.from("x"), bytes]), [one])).toContain(
        `card ${form}`.replace("card", one.name),
      );
    }
    const text = one.name === "card" ? CARD : NAME;
    for (const before of ["", "a", "ab"]) {
      expect(canariesIn(Buffer.from(Buffer.from(`${before}${text} and on`).toString("base64")), [one])).not.toEqual([]);
    }
  }
});

it.each(WRITTEN)("nothing of any secret is in $name", async ({ name, read }) => {
  const bytes = await read();
  expect(bytes.length).toBeGreaterThan(0);
  const people =
    name === "a scan for people"
      ? canaries.filter((one) => one.name !== canary(NAME.slice(0, 6), NAME).name)
      : canaries;
  expect(canariesIn(bytes, people)).toEqual([]);
});

describeWithNats("with a NATS to deliver to", () => {
  it("nothing of any secret is in what its stream keeps", async () => {
    const bytes = await sinks().streamed();
    expect(bytes.length).toBeGreaterThan(0);
    expect(canariesIn(bytes, canaries)).toEqual([]);
  });
});

it("has every sink given every record", async () => {
  const { sinks } = JSON.parse((await ok(["audit", "sinks", ...store, "--json"])).toString()) as SinkPlaces;
  expect(sinks.filter(({ behind }) => behind > 0)).toEqual([]);
});

it("has read every place where something is written down", () => {
  expect(existsSync(at.path("gate.db"))).toBe(true);
  const known =
    /^(?:gate\.(?:db(?:-wal|-shm)?|yaml)|gate\.db\.[\w.]*(?:pepper|key|pem)\w*|gate\.db\.node-\w+\.lock|policy\.yaml|checkpoints\.jsonl|said\.txt)$/;
  expect(readdirSync(at.folder).filter((name) => !known.test(name))).toEqual([]);
});

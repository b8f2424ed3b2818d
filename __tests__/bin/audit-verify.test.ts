import { generateKeyPairSync } from "node:crypto";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { openSqlite } from "../../adapters/stores/sqlite-driver";
import type { TrailVerdict } from "../../lib/audit/trail-verdict";
import { auditEvent } from "../../lib/audit/record";
import { sqliteAuditLog } from "../../adapters/audit/sqlite";
import { sqliteStore } from "../../adapters/stores/sqlite";
import { llmGate, startLlmGate, listeningUrl } from "../support/command-line";
import { place, POLICY } from "./fixtures";
import { runInProcess } from "./in-process";

const at = place();
const database = at.path("gate.db");
const copies = at.path("checkpoints.jsonl");
const publicKey = at.path("checkpoint.pub");
const CONFIG = `listen: { port: 0 }
store: { sqlite: ./gate.db }
upstreams: { default: echo }
audit: { node: gate-1, checkpoints: ./checkpoints.jsonl }
log: { level: error }
`;

/** A server that answers three calls and stops cleanly. */
async function serveSomeCalls(key: string): Promise<void> {
  const server = startLlmGate(["serve", "--config", at.write("gate.yaml", CONFIG)]);
  const url = await listeningUrl(server);
  for (const content of ["one", "two", "three"]) {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content }] }),
    });
    expect(response.status).toBe(200);
    await response.text();
  }
  const running = await verify();
  expect(running).toMatchObject({ code: 0, verdict: { status: "clean" } });
  server.kill("SIGTERM");
  expect(await server.ended).toBe(0);
}

beforeAll(async () => {
  await runInProcess(["apply", at.write("policy.yaml", POLICY), ...at.store]);
  const { stdout } = await runInProcess([
    "key",
    "create",
    "--user",
    "alice@acme.test",
    "--name",
    "k",
    "--json",
    ...at.store,
  ]);
  writeFileSync(publicKey, (await runInProcess(["audit", "public-key", ...at.store])).stdout);
  await serveSomeCalls((JSON.parse(stdout) as { key: string }).key);
});

async function verify(path = database): Promise<{ readonly code: number | null; readonly verdict: TrailVerdict }> {
  const args = ["audit", "verify", "--checkpoints", copies, "--public-key", publicKey, "--json"];
  const { code, stdout } = await runInProcess([...args, "--store", `sqlite:${path}`]);
  return { code, verdict: JSON.parse(stdout) as TrailVerdict };
}

/** A copy of the database that somebody with a database tool was at. */
function tampered(...statements: readonly string[]): string {
  const path = at.path("tampered.db");
  for (const end of ["", "-wal", "-shm"]) rmSync(`${path}${end}`, { force: true });
  copyFileSync(database, path);
  const connection = openSqlite(path);
  for (const statement of statements) connection.exec(statement);
  connection.close();
  return path;
}

it("compares with every file of copies that it is given, as with those of a file that was rotated", async () => {
  const lines = readFileSync(copies, "utf8").trimEnd().split("\n");
  const files = lines.flatMap((line, index) => ["--checkpoints", at.write(`rotated-${index}.jsonl`, `${line}\n`)]);
  const { stdout } = await runInProcess(["audit", "verify", ...files, "--json", ...at.store]);
  expect((JSON.parse(stdout) as TrailVerdict).checkpoints.copied).toBe(lines.length);
});

it("finds a trail of commands and calls clean, and its checkpoints copied out and signed", async () => {
  const { code, verdict } = await verify();
  expect(verdict).toMatchObject({ status: "clean", firstBad: null, faults: 0, openIntents: { count: 0 } });
  expect(verdict.nodes.map(({ node }) => node)).toEqual(["cli", "gate-1"]);
  expect(verdict.checkpoints).toMatchObject({ copied: 2, signaturesChecked: true });
  expect(verdict.checkpoints.onRecord).toBeGreaterThanOrEqual(4);
  expect(verdict.records).toBe(verdict.nodes.reduce((sum, { seq }) => sum + seq, 0));
  expect(code).toBe(0);
});

it.each([
  [
    "a record changed",
    "update audit set record = replace(record, 'alice', 'mallory') where node = 'gate-1' and seq = 2",
    2,
    "bad_hash",
  ],
  ["a record taken out", "delete from audit where node = 'gate-1' and seq = 3", 3, "gap"],
  ["a column changed", "update audit set user = 'bob' where node = 'gate-1' and seq = 2", 2, "column_mismatch"],
  [
    "a time changed",
    "update audit set at = '2020-01-01T00:00:00.000Z' where node = 'gate-1' and seq = 4",
    4,
    "column_mismatch",
  ],
  ["a hash of another type", "update audit set hash = 'x' where node = 'gate-1' and seq = 2", 2, "bad_hash"],
  [
    "a position beyond all numbers",
    "update audit set seq = 9223372036854775807 where node = 'gate-1' and seq = 2",
    2,
    "gap",
  ],
  ["the end cut off", "delete from audit where node = 'gate-1' and seq > 5", 6, "cut_off"],
  ["everything of a node gone", "delete from audit where node = 'gate-1'", 1, "checkpoint_missing"],
])("names the first bad record after: %s", async (_claim, statement, seq, reason) => {
  const { code, verdict } = await verify(tampered(statement));
  expect(verdict.firstBad).toMatchObject({ node: "gate-1", seq, reason });
  expect([code, verdict.status]).toEqual([1, "tampered"]);
});

it("sees only by its copies that the last checkpoint is gone from the trail", async () => {
  const path = tampered(
    "delete from audit where node = 'gate-1' and seq = (select max(seq) from audit where node = 'gate-1')",
  );
  expect((await verify(path)).verdict.firstBad).toMatchObject({ node: "gate-1", reason: "checkpoint_missing" });
  const alone = await runInProcess(["audit", "verify", "--json", "--store", `sqlite:${path}`]);
  expect([alone.code, (JSON.parse(alone.stdout) as TrailVerdict).checkpoints.signaturesChecked]).toEqual([0, false]);
});

it("trusts no checkpoint that another key signed, and no line that is none", async () => {
  const other = at.path("other.db");
  await runInProcess(["init", "--store", `sqlite:${other}`]);
  const foreign = (await runInProcess(["audit", "public-key", "--store", `sqlite:${other}`])).stdout;
  const args = ["audit", "verify", "--json", ...at.store];
  const wrong = await runInProcess([...args, "--public-key", at.write("other.pub", foreign)]);
  expect([wrong.code, (JSON.parse(wrong.stdout) as TrailVerdict).firstBad?.reason]).toEqual([1, "unknown_key"]);
  const lines = readFileSync(copies, "utf8");
  const broken = at.write("broken.jsonl", lines.replace('"number":', '"nummer":'));
  const bad = await runInProcess([...args, "--checkpoints", broken]);
  expect((JSON.parse(bad.stdout) as TrailVerdict).firstBad).toMatchObject({ reason: "unreadable_copy", seq: 1 });
  const torn = at.write("torn.jsonl", `${lines.slice(0, 40)}\n${lines}${lines.slice(0, 60)}`);
  expect((await runInProcess([...args, "--checkpoints", torn])).code).toBe(0);
});

it("tells calls without an end apart from tampering", async () => {
  const path = tampered();
  const log = sqliteAuditLog(path, { node: "gate-2", boot: "gone" });
  await log.append([auditEvent("intent", Date.now(), { requestId: "r-1" })]);
  const { code, verdict } = await verify(path);
  expect([code, verdict.status]).toEqual([3, "incomplete"]);
  expect(verdict.firstBad).toEqual({ node: "gate-2", boot: "gone", seq: 1, reason: "open_intent" });
  await log.claim();
  expect(await verify(path)).toMatchObject({ code: 0, verdict: { openCalls: 1 } });
  await log.close();
  expect((await verify(path)).code).toBe(3);
});

it("flags a clock that stepped, which is no tampering", async () => {
  const path = tampered();
  const log = sqliteAuditLog(path, { node: "gate-2", boot: "b" });
  const now = Date.now();
  await log.append(
    [now, now - 3_600_000, now - 3_599_000, now + 86_400_000].map((time) => auditEvent("refusal", time, {})),
  );
  await log.close();
  const { code, verdict } = await verify(path);
  expect(verdict.timeAnomalies).toEqual({ count: 2, first: { node: "gate-2", boot: "b", seq: 2 } });
  expect(code).toBe(0);
});

it("says with 4 that there is nothing to be read, and with 2 that it was called wrongly", async () => {
  const none = await runInProcess(["audit", "verify", "--json", "--store", `sqlite:${at.path("none.db")}`]);
  expect([none.code, (JSON.parse(none.stdout) as { status: string }).status]).toEqual([4, "unreadable"]);
  const foreign = await runInProcess(["audit", "verify", "--json", "--store", `sqlite:${at.write("text.db", POLICY)}`]);
  expect(foreign.code).toBe(4);
  expect((await runInProcess(["audit", "verify"])).code).toBe(2);
  const far = ["--store", "postgres://gate:s3cret@127.0.0.1:1/gate"];
  const noKey = await runInProcess(["audit", "public-key", ...far]);
  const noServer = await runInProcess(["audit", "verify", "--json", ...far]);
  expect([noKey.code, noServer.code]).toEqual([2, 4]);
  expect(noKey.stderr + noServer.stderr + noServer.stdout).not.toContain("s3cret");
  expect((await runInProcess(["audit", "verify", "--checkpoints", at.path("no.jsonl"), ...at.store])).code).toBe(2);
});

it("calls a file that is no public key a mistake in the call, says what to give, and reads nothing", async () => {
  const rsa = generateKeyPairSync("rsa", {
    modulusLength: 2_048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const wrong = [at.write("rsa.pub", rsa.publicKey), at.write("note.pub", "no key"), `${database}.checkpoint.key`];
  for (const file of [...wrong, at.path("none.pub"), at.path(".")]) {
    const found = await runInProcess(["audit", "verify", "--json", "--public-key", file, ...at.store]);
    expect([found.code, JSON.parse(found.stdout)]).toEqual([
      2,
      { status: "unreadable", records: 0, firstBad: null, error: { code: "usage", message: found.stderr.trim() } },
    ]);
    if (wrong.includes(file)) expect(found.stderr).toContain("`llm-gate audit public-key` prints (Ed25519, PEM)");
    expect(found.stdout + found.stderr).not.toContain("BEGIN");
  }
  expect((await runInProcess(["audit", "verify", "--checkpoints", at.path("."), ...at.store])).code).toBe(2);
});

it("shows its own exit codes in its help, and no other", async () => {
  const { stdout } = await runInProcess(["audit", "verify", "--help"]);
  expect(stdout).toMatch(/Exit codes:\n {2}0 {2}clean\n {2}1 {2}tampered with\n {2}2 .*\n {2}3 .*\n {2}4 .*\n?$/);
  expect(stdout.match(/Exit codes/g)).toHaveLength(1);
});

it("sees by the places of the sinks that an end is gone, and says that it had no copies", async () => {
  const alone = (path: string, ...more: readonly string[]) =>
    runInProcess(["audit", "verify", "--store", `sqlite:${path}`, ...more]);
  const place = "insert into audit_sinks (sink) values ('siem')";
  const held =
    "insert into audit_sink_places (sink, node, seq, held_until) select 'siem', node, max(seq), 0 from audit group by node";
  const whole = await alone(tampered(place, held), "--json");
  expect([whole.code, JSON.parse(whole.stdout)]).toEqual([0, expect.objectContaining({ status: "clean", sinks: 1 })]);
  const cut = "delete from audit where node = 'gate-1' and seq = (select max(seq) from audit where node = 'gate-1')";
  const last = (JSON.parse(whole.stdout) as TrailVerdict).nodes.find(({ node }) => node === "gate-1");
  expect(JSON.parse((await alone(tampered(place, held, cut), "--json")).stdout)).toMatchObject({
    ...{ status: "tampered", faults: 1 },
    firstBad: { node: "gate-1", boot: last?.boot, seq: last?.seq, reason: "sink_ahead" },
  });
  const emptied = await alone(tampered(place, held, "delete from audit"));
  expect(emptied.code).toBe(1);
  expect(emptied.stdout).toMatch(/^copies +0 copies from outside the database: .* with --checkpoints FILE$/m);
  expect(emptied.stdout).toMatch(/^first +cli 1 .*\[sink_ahead\]$/m);
  expect((await alone(tampered("delete from audit"))).stdout).toMatch(/^copies +0 copies from outside the database: /m);
});

it("tells people in lines, and the process in its exit code", async () => {
  const path = tampered("delete from audit where node = 'gate-1' and seq = 3");
  const { code, stdout } = await llmGate(["audit", "verify", "--store", `sqlite:${path}`]);
  expect(stdout).toMatch(/^status +tampered$/m);
  expect(stdout).toMatch(/^first +gate-1 3 \(boot \S+\): the record is missing \[gap\]$/m);
  expect(code).toBe(1);
});

it("sees a store that a running gate is in, without stopping it", async () => {
  const path = tampered();
  const store = sqliteStore(path);
  await store.open();
  expect((await verify(path)).code).toBe(0);
  await store.close();
});

it("ends with its exit code though nobody reads what it prints", async () => {
  const store = `sqlite:${tampered("delete from audit where node = 'gate-1' and seq = 3")}`;
  const verifying = startLlmGate(["audit", "verify", "--store", store]);
  verifying.stopReading("stdout");
  expect(await verifying.ended).toBe(1);
});

it.each(["'{}'", "x'7b'"])("is where a search points to when a record is made %s", async (made) => {
  const store = `sqlite:${tampered(`update audit set record = ${made} where node = 'gate-1' and seq = 3`)}`;
  const { code, stderr } = await runInProcess(["audit", "search", "--limit", "100", "--store", store]);
  expect([code, stderr]).toEqual([1, "A record of the audit trail is none: `llm-gate audit verify` says which.\n"]);
});

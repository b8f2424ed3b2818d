import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sqliteAuditLog } from "../../adapters/audit/sqlite";
import { sqliteTrailSource } from "../../adapters/audit/sqlite/trail-source";
import { openSqlite } from "../../adapters/stores/sqlite-driver";
import { publicKeysIn } from "../../lib/audit/checkpoint-key";
import { auditEvent, EVENT_MEMBERS, OUTCOMES, RECORD_KINDS, type AuditRecord } from "../../lib/audit/record";
import { readCheckpointFile } from "../../adapters/audit/read-checkpoint-file";
import { verifyTrail } from "../../lib/audit/verify-trail";
import type { TrailVerdict } from "../../lib/audit/trail-verdict";
import { REFUSAL_REASONS } from "../../lib/denial";
import type { JsonObject, JsonValue } from "../../lib/json";
import { runInProcess } from "../bin/in-process";
import { auditVectors } from "../support/audit-vectors";
import { describeWith } from "../support/describe-with";
import { schemaFaults } from "../support/json-schema";
import { realTrail, type RealTrail } from "../support/real-trail";

const docs = join(__dirname, "../../docs");
const schema = JSON.parse(readFileSync(join(docs, "audit-record.schema.json"), "utf8")) as JsonObject;
const properties = schema["properties"] as Readonly<Record<string, { enum?: readonly JsonValue[] }>>;
let trail: RealTrail;
let records: readonly AuditRecord[];

beforeAll(async () => {
  trail = await realTrail();
  const connection = openSqlite(trail.path, { readonly: true });
  const rows = connection.prepare("select record from audit order by rowid").all();
  connection.close();
  records = rows.map(({ record }) => JSON.parse(Buffer.from(record as Uint8Array).toString()) as AuditRecord);
});

afterAll(() => trail.remove());

describe("the published schema of a record", () => {
  it("lists every member, and no other, in code and in prose", () => {
    const members = ["v", "node", "boot", "seq", ...EVENT_MEMBERS];
    expect(Object.keys(properties).sort()).toEqual([...members].sort());
    expect(schema["required"]).toEqual(Object.keys(properties));
    const prose = readFileSync(join(docs, "audit.md"), "utf8");
    expect(members.filter((name) => !prose.includes(`| \`${name}\` `))).toEqual([]);
  });

  it("lists the same words as the code", () => {
    expect(properties["kind"]?.enum).toEqual(RECORD_KINDS);
    expect(properties["outcome"]?.enum).toEqual([...OUTCOMES, null]);
    expect(properties["reason"]?.enum).toEqual([...REFUSAL_REASONS, null]);
  });

  it("takes real records of every kind", () => {
    expect(new Set(records.map(({ kind }) => kind))).toEqual(new Set(RECORD_KINDS));
    expect(records.flatMap((record) => schemaFaults(record as unknown as JsonValue, schema))).toEqual([]);
  });

  it("takes nothing else", () => {
    const [record] = records as unknown as readonly JsonObject[];
    const wrong = [
      { v: 2 },
      { seq: 0 },
      { kind: "call" },
      { at: "now" },
      { status: "200" },
      { prompt: "text" },
      { dlp: {} },
    ];
    for (const change of wrong) expect(schemaFaults({ ...record, ...change }, schema)).not.toEqual([]);
    for (const name of Object.keys(record ?? {})) {
      const { [name]: _, ...rest } = record ?? {};
      expect(schemaFaults(rest, schema)).toEqual([`$: lacks ${name}`]);
    }
  });
});

describe("a call on record", () => {
  const found = (wanted: Partial<AuditRecord>): AuditRecord | undefined =>
    records.find((record) =>
      (Object.keys(wanted) as (keyof AuditRecord)[]).every((name) => record[name] === wanted[name]),
    );

  it("says what the upstream answered, whose request it was, and which agent's session", () => {
    expect(found({ kind: "completion", outcome: "ok", stream: true })).toMatchObject({
      ...{ status: 200, upstreamStatus: 200, clientRequestId: "mine", clientSessionId: null },
    });
    expect(found({ operation: "models.list", decision: "allow" })).toMatchObject({
      ...{ clientSessionId: "agent-session-1", upstreamStatus: null },
    });
  });

  it("says which rule refused, and which had the answer withheld", () => {
    expect(found({ kind: "refusal", reason: "dlp" })).toMatchObject({ rule: "PRIVATE_KEY", status: 400 });
    expect(found({ kind: "completion", outcome: "withheld" })).toMatchObject({ rule: "CREDIT_CARD", status: 200 });
  });
});

it("publishes vectors that the code itself makes", () => {
  const published = JSON.parse(readFileSync(join(docs, "audit-vectors.json"), "utf8")) as object;
  expect(published).toEqual(JSON.parse(JSON.stringify(auditVectors())));
});

interface Vectors {
  readonly links: { hash: string }[];
  readonly contents: { requestId: string; readonly texts: { omitted: number } }[];
  readonly contentKeys: { dataKey: string }[];
}

const CRLF = Buffer.from("\r\n");

const python = spawnSync("python3", ["--version"]).status === 0;

describeWith("python3", python)("the second verifier, in Python", () => {
  const run = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync("python3", [join(docs, "verify_audit.py"), ...args, "--json"]);
    return { code: status, answer: JSON.parse(stdout.toString() || `"${stderr.toString()}"`) as TrailVerdict };
  };

  async function both(path: string, copies = trail.copies) {
    const source = sqliteTrailSource(path);
    const keys = publicKeysIn(readFileSync(trail.publicKey, "utf8"));
    const ours = await verifyTrail(source, { keys, copies: readCheckpointFile(copies) });
    await source.close();
    return { ours, theirs: run(path, "--checkpoints", copies, "--public-key", trail.publicKey) };
  }

  function copied(name: string): string {
    const path = join(trail.folder, name);
    for (const end of ["", "-wal", "-shm"]) rmSync(`${path}${end}`, { force: true });
    copyFileSync(trail.path, path);
    return path;
  }

  it("agrees with the vectors", () => {
    expect(run("--vectors", join(docs, "audit-vectors.json"))).toEqual({
      code: 0,
      answer: { status: "clean", vectors: 42, wrong: [] },
    });
  });

  it.each<[string, (vectors: Vectors) => unknown]>([
    ["a link", ({ links: [first] }) => first && (first.hash = "0".repeat(64))],
    ["the place of a sealed text", ({ contents: [first] }) => first && (first.requestId = "r-9")],
    ["what it says", ({ contents: [first] }) => first && (first.texts.omitted = 1)],
    ["a wrapped key", ({ contentKeys: [first] }) => first && (first.dataKey = "0".repeat(64))],
  ])("does not agree with vectors of which %s is another", (_, change) => {
    const vectors = JSON.parse(readFileSync(join(docs, "audit-vectors.json"), "utf8")) as Vectors;
    change(vectors);
    const changed = join(trail.folder, "vectors.json");
    writeFileSync(changed, JSON.stringify(vectors));
    expect(run("--vectors", changed)).toMatchObject({ code: 1, answer: { wrong: [expect.any(String)] } });
  });

  it("takes nothing but a public key for one", () => {
    const key = `${trail.path}.checkpoint.key`;
    const { status, stderr } = spawnSync("python3", [join(docs, "verify_audit.py"), trail.path, "--public-key", key]);
    expect([status, stderr.toString()]).toEqual([2, expect.stringContaining("`llm-gate audit public-key`")]);
    expect(stderr.toString()).not.toContain("BEGIN");
  });

  it("finds a real trail clean, as ours does", async () => {
    const { ours, theirs } = await both(trail.path);
    expect([ours.status, theirs.answer.status, theirs.code]).toEqual(["clean", "clean", 0]);
    expect([theirs.answer.records, theirs.answer.checkpoints.onRecord]).toEqual([
      ours.records,
      ours.checkpoints.onRecord,
    ]);
    expect(theirs.answer.checkpoints).toMatchObject({ copied: 2, signaturesChecked: true });
  });

  it.each([
    "update audit set record = cast(replace(cast(record as text), '\"v\":1}', '\"v\":2}') as blob) where node = 'gate-1' and seq = 5",
    "delete from audit where node = 'gate-1' and seq = 4",
    "update audit set outcome = 'ok' where node = 'gate-1' and seq = 3",
    "delete from audit where node = 'gate-1' and seq > 6",
    "update audit set hash = zeroblob(32) where node = 'cli' and seq = 2",
    "update audit set record = cast(record as text) where node = 'gate-1' and seq = 3; update audit set boot = cast(boot as blob) where node = 'gate-1' and seq = 5; update audit set hash = 5 where node = 'cli'; update audit set kind = 'checkpoint' where kind = 'intent'",
    "insert into audit select 'gate-9', boot, seq, record, hash, at, kind, organization, user, key_id, request_id, protocol, model, decision, reason, status, outcome from audit where node = 'gate-1' and seq = 1",
  ])("names the same first bad record as ours after: %s", async (statement) => {
    const path = copied("tampered.db");
    const connection = openSqlite(path);
    connection.exec(statement);
    connection.close();
    const { ours, theirs } = await both(path);
    expect([ours.status, theirs.code]).toEqual(["tampered", 1]);
    const { node, boot, seq, reason } = ours.firstBad ?? {};
    expect(theirs.answer.firstBad).toEqual({ node, boot, seq, reason });
  });

  it.each([
    "'gate-1', 'b', 0",
    "'gate-1', 'b', -5",
    "'gate-1', 'b', 'zz'",
    "'gate-1', 'b', x'01'",
    "'', 'b', 1",
    "x'6e', 'b', 1",
  ])("sees a row that no chain reads, as ours does: %s", async (place) => {
    const path = copied("stray.db");
    const connection = openSqlite(path);
    const columns =
      "hash, at, kind, organization, user, key_id, request_id, protocol, model, decision, reason, status, outcome";
    connection.exec(
      `insert into audit select ${place}, record, ${columns} from audit where node = 'gate-1' and seq = 1`,
    );
    connection.close();
    const { ours, theirs } = await both(path);
    expect([ours.status, ours.firstBad?.reason, theirs.code]).toEqual(["tampered", "stray", 1]);
    const { node, boot, seq, reason } = ours.firstBad ?? {};
    expect(theirs.answer.firstBad).toEqual({ node, boot, seq, reason });
  });

  it("takes for no checkpoint what ours takes for none, and passes over lines with nothing on them", async () => {
    const lines = readFileSync(trail.copies, "utf8").trimEnd().split("\n");
    const copy = JSON.parse(lines[0] ?? "") as JsonObject;
    const good = JSON.stringify({ ...copy, more: 1 });
    const odd = [{ number: "1" }, { number: 1.5 }, { heads: null }, { heads: ["x"] }, { signature: null }];
    const none = [
      ...odd.map((change) => JSON.stringify({ ...copy, ...change })),
      JSON.stringify(copy).replace('"number":', '"x":NaN,"number":'),
      "[".repeat(100_000),
      Buffer.from([0xff, 0xfe]),
    ];
    const copies = join(trail.folder, "odd.jsonl");
    writeFileSync(copies, Buffer.concat([...lines, good, "", ...none].flatMap((line) => [Buffer.from(line), CRLF])));
    const { ours, theirs } = await both(trail.path, copies);
    expect(ours.firstBad).toEqual({ node: "", boot: "", seq: lines.length + 3, reason: "unreadable_copy" });
    expect([theirs.answer.firstBad, theirs.answer.faults, ours.faults]).toEqual([ours.firstBad, 8, 8]);
  });

  it("sees that a chain ends before what a sink has of it, as ours does", async () => {
    const node = "gate-1";
    const path = copied("sinks.db");
    const connection = openSqlite(path);
    connection.exec(
      "insert into audit_sinks (sink) values ('siem');" +
        `insert into audit_sink_places (sink, node, seq, held_until) select 'siem', node, max(seq) + (node = '${node}'), 0 from audit group by node`,
    );
    connection.close();
    const { ours, theirs } = await both(path);
    const { boot, seq = 0 } = ours.nodes.find((head) => head.node === node) ?? {};
    expect(ours.firstBad).toEqual({ node, boot, seq: seq + 1, reason: "sink_ahead" });
    expect([theirs.code, theirs.answer.firstBad, theirs.answer.sinks]).toEqual([1, ours.firstBad, ours.sinks]);
  });

  it("sees a chain that was made anew with times of long ago, as ours does", async () => {
    const path = copied("backdated.db");
    const log = sqliteAuditLog(path, { node: "gate-9", boot: "b" });
    await log.append([auditEvent("refusal", Date.now() - 3_600_000, { user: "alice@acme.test" })]);
    await log.close();
    const { ours, theirs } = await both(path);
    expect(ours).toMatchObject({ status: "tampered", faults: 1 });
    expect(ours.firstBad).toEqual({ node: "gate-9", boot: "b", seq: 1, reason: "backdated" });
    expect([theirs.code, theirs.answer.firstBad, theirs.answer.faults]).toEqual([1, ours.firstBad, 1]);
  });

  it("sees a row whose position is more than a number holds, as ours does", async () => {
    const path = copied("far.db");
    const connection = openSqlite(path);
    connection.exec(
      "insert into audit select node, boot, 4611686018427387904, record, hash, at, kind, organization, user, key_id, request_id, protocol, model, decision, reason, status, outcome from audit where node = 'gate-1' and seq = 1",
    );
    connection.close();
    const { ours, theirs } = await both(path);
    expect([ours.status, theirs.code]).toEqual(["tampered", 1]);
  });

  it.each([
    ["nothing is done to it", "select 1"],
    [
      "its beginning is cut further",
      "delete from audit where node = 'gate-1' and seq = (select min(seq) from audit where node = 'gate-1')",
    ],
    ["the word of the prune is gone", "delete from audit where kind = 'admin' and seq > 2"],
    [
      "a record is put before its beginning",
      "insert into audit select node, boot, 2, record, hash, at, kind, organization, user, key_id, request_id, protocol, model, decision, reason, status, outcome from audit where node = 'gate-1' order by seq limit 1",
    ],
  ])("says the same as ours of a pruned trail when %s", async (_, statement) => {
    const path = copied("pruned.db");
    copyFileSync(`${trail.path}.checkpoint.key`, `${path}.checkpoint.key`);
    const pruning = await runInProcess([
      "audit",
      "prune",
      "--before",
      "0m",
      "--yes",
      "--json",
      "--store",
      `sqlite:${path}`,
    ]);
    expect(JSON.parse(pruning.stdout)).toMatchObject({ done: true, heldBackBy: [] });
    const connection = openSqlite(path);
    connection.exec(statement);
    connection.close();
    const { ours, theirs } = await both(path);
    expect([theirs.answer.status, theirs.answer.records]).toEqual([ours.status, ours.records]);
    expect(theirs.answer.pruned).toEqual(JSON.parse(JSON.stringify(ours.pruned)));
    expect(theirs.answer.pruned === null).toBe(statement.includes("'admin'"));
    const { node, boot, seq, reason } = ours.firstBad ?? {};
    expect(theirs.answer.firstBad).toEqual(ours.firstBad && { node, boot, seq, reason });
    expect(ours.status === "clean").toBe(statement === "select 1");
  });
});

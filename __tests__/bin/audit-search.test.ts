import { sqliteAuditLog } from "../../adapters/audit/sqlite";
import { sqliteStore } from "../../adapters/stores/sqlite";
import { createAdmin, type TrailFilter } from "../../lib/admin";
import { auditEvent, EVENT_MEMBERS, type AuditEvent, type AuditRecord } from "../../lib/audit/record";
import { csvLine } from "../../bin/output/audit-csv";
import { SYSTEM } from "../../bin/store/with-store";
import { place } from "./fixtures";
import { runInProcess } from "./in-process";

const at = place();
const START = Date.UTC(2026, 0, 2, 9);
const report = { outcome: "blocked", scanned: 9, delivered: 0, notScanned: [], notRewritten: 0 } as const;

/** Twelve calls a minute apart, of two users by turns; every third refused, every fourth with a finding. */
const EVENTS = Array.from({ length: 12 }, (_, index): AuditEvent => {
  const refused = index % 3 === 0;
  const found = index % 4 === 0;
  return auditEvent(refused ? "refusal" : "completion", START + index * 60_000, {
    requestId: `r-${index}`,
    user: index % 2 === 0 ? "alice@acme.test" : "bob@acme.test",
    keyId: index % 2 === 0 ? "AAAAAAAAAA" : "BBBBBBBBBB",
    model: index < 6 ? "gpt-4o-mini" : '=1+1,"x"',
    decision: refused ? "deny" : "allow",
    reason: refused ? "dlp" : null,
    rule: refused && found ? "CREDIT_CARD" : null,
    dlp: found ? { request: null, response: { ...report, findings: { CREDIT_CARD: 2 } } } : null,
  });
});

beforeAll(async () => {
  const store = sqliteStore(at.path("gate.db"));
  await store.open();
  const logs = ["gate-1", "gate-2"].map((node) => sqliteAuditLog(at.path("gate.db"), { node, boot: "b" }));
  for (const [index, event] of EVENTS.entries()) await logs[index % 2]?.append([event]);
  await Promise.all(logs.map((log) => log.close()));
  await store.close();
});

async function search(...args: readonly string[]): Promise<{ readonly ids: string; readonly cursor: string | null }> {
  const { stdout } = await runInProcess(["audit", "search", "--json", ...args, ...at.store]);
  const { records, cursor } = JSON.parse(stdout) as { records: AuditRecord[]; cursor: string | null };
  return { ids: idsOf(records), cursor };
}

function idsOf(records: readonly AuditRecord[]): string {
  return records.map(({ requestId }) => requestId?.slice(2)).join(" ");
}

it.each([
  [[], "11 10 9 8 7 6 5 4 3 2 1 0"],
  [["--user", "alice@acme.test"], "10 8 6 4 2 0"],
  [["--key", "BBBBBBBBBB", "--since", "2026-01-02T09:05:00Z"], "11 9 7 5"],
  [["--until", "2026-01-02T09:02Z"], "1 0"],
  [["--since", "2026-01-02T11:08:00+02:00"], "11 10 9 8"],
  [["--since", "1h"], ""],
  [["--decision", "deny"], "9 6 3 0"],
  [["--rule", "dlp"], "9 6 3 0"],
  [["--rule", "CREDIT_CARD"], "0"],
  [["--entity", "CREDIT_CARD"], "8 4 0"],
  [["--entity", "toString"], ""],
  [["--model", "gpt-4o-mini", "--kind", "completion"], "5 4 2 1"],
  [["--request", "r-7"], "7"],
  [["--node", "gate-2", "--decision", "allow"], "11 7 5 1"],
])("finds with %j", async (args, ids) => {
  expect(await search(...args)).toEqual({ ids, cursor: null });
});

it("steers no terminal with what callers sent, in JSON neither, and gives programs the same text", async () => {
  const model = "gpt\u009b31m\u0085\u007f\u202e\u2066";
  const path = at.path("steering.db");
  const store = sqliteStore(path);
  await store.open();
  const log = sqliteAuditLog(path, { node: "gate-1", boot: "b" });
  await log.append([auditEvent("refusal", START, { model })]);
  await Promise.all([log.close(), store.close()]);
  for (const command of [["search"], ["tail"], ["export"]]) {
    const { stdout } = await runInProcess(["audit", ...command, "--json", "--store", `sqlite:${path}`]);
    expect(stdout).not.toMatch(/[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect((JSON.parse(stdout) as { records: AuditRecord[] }).records[0]?.model).toBe(model);
  }
});

it.each([
  [["--since", "2026-02-30"], '--since "2026-02-30" is not a time: '],
  [["--until", "2026-02-29T09:00Z"], '--until "2026-02-29T09:00Z" is not a time: '],
  [["--since", "2026-13-01"], '--since "2026-13-01" is not a time: '],
  [["--since", "1h", "--until", "2h"], "--since 1h is not before --until 2h: no record is between them."],
  [["--since", "2026-01-02", "--until", "2026-01-02"], "--since 2026-01-02 is not before --until 2026-01-02: "],
])("refuses times between which nothing is, and days that are none: %j", async (args, sentence) => {
  for (const command of ["search", "export", "tail"]) {
    const { code, stdout, stderr } = await runInProcess(["audit", command, ...args, ...at.store]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(sentence);
  }
});

it("refuses in the management service what is no time, and times between which nothing is", async () => {
  const store = sqliteStore(at.path("gate.db"));
  await store.open();
  const audit = store.auditLog({ node: "cli", boot: "b" });
  const admin = createAdmin({ ...SYSTEM, store, audit, contentKey: Buffer.alloc(32, 7).toString("base64") });
  const invalid = { name: "AdminError", code: "invalid_argument" };
  const exported = async (filter: TrailFilter): Promise<void> => {
    for await (const { record } of admin.audit.exportTexts(filter)) throw new Error(record.at);
  };
  for (const since of ["2026-01-02", "2026-02-30T00:00:00.000Z", "2026-01-02T00:00:00Z", "tomorrow"]) {
    await expect(admin.audit.search({ since })).rejects.toMatchObject(invalid);
    await expect(admin.audit.readTexts({ until: since })).rejects.toMatchObject(invalid);
    await expect(exported({ since })).rejects.toMatchObject(invalid);
  }
  const since = "2026-01-02T09:00:00.000Z";
  await expect(admin.audit.search({ since, until: since })).rejects.toMatchObject(invalid);
  expect((await admin.audit.search({ since, until: "2026-01-02T09:01:00.000Z" })).records).toHaveLength(1);
  await audit.close();
  await store.close();
});

it("pages with a cursor, whatever is filtered", async () => {
  const pages: string[] = [];
  let cursor: string | null = null;
  do {
    const next: string[] = cursor === null ? [] : ["--cursor", cursor];
    const page = await search("--limit", "3", "--user", "alice@acme.test", ...next);
    pages.push(page.ids);
    cursor = page.cursor;
  } while (cursor !== null);
  expect(pages).toEqual(["10 8 6", "4 2 0"]);
});

it("shows people a table, and where the next page begins", async () => {
  const { stdout } = await runInProcess(["audit", "search", "--limit", "2", ...at.store]);
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toMatch(/^TIME +KIND +USER /);
  expect(lines).toHaveLength(4);
  expect(lines[3]).toMatch(/^more: --cursor \d+$/);
});

it("shows people what data loss prevention did in which direction", async () => {
  const { stdout } = await runInProcess(["audit", "search", "--entity", "CREDIT_CARD", "--limit", "1", ...at.store]);
  expect(stdout).toMatch(/ STATUS +DLP +WHY\n.* out blocked CREDIT_CARD( |$)/m);
  const none = await runInProcess(["audit", "search", "--request", "r-7", ...at.store]);
  expect(none.stdout).not.toContain(" out ");
});

it("tails by the same filters, the oldest first", async () => {
  const { stdout } = await runInProcess(["audit", "tail", "--decision", "deny", "--limit", "2", "--json", ...at.store]);
  expect(idsOf((JSON.parse(stdout) as { records: AuditRecord[] }).records)).toBe("6 9");
});

it("exports each record on a line of its own, as the trail has it, the first that was written first", async () => {
  const { stdout } = await runInProcess(["audit", "export", "--format", "jsonl", "--decision", "deny", ...at.store]);
  const records = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as AuditRecord);
  expect(idsOf(records)).toBe("0 3 6 9");
  const log = sqliteAuditLog(at.path("gate.db"), { node: "reader", boot: "b" });
  const [stored] = await log.read({ requestId: "r-0" });
  await log.close();
  expect(stdout.split("\n")[0]).toBe(Buffer.from(stored?.bytes ?? []).toString());
});

it("exports CSV that a spreadsheet reads as text", async () => {
  const { stdout } = await runInProcess(["audit", "export", "--format", "csv", "--request", "r-8", ...at.store]);
  const [head, line, end] = stdout.split("\n");
  expect(head?.split(",")).toEqual(["node", "boot", "seq", "v", ...EVENT_MEMBERS]);
  expect(line).toContain(`,"'=1+1,""x""",`);
  expect(line).toContain('""CREDIT_CARD"":2');
  expect(end).toBe("");
});

it("refuses what it would misread, in a sentence", async () => {
  for (const args of [
    ["search", "--since", "yesterday"],
    ["search", "--limit", "0"],
    ["search", "--cursor", "x"],
    ["search", "--decision", "maybe"],
    ["export", "--format", "xml"],
  ]) {
    const { code, stderr } = await runInProcess(["audit", ...args, ...at.store]);
    expect([code, stderr.trim().split("\n").length]).toEqual([2, 1]);
  }
});

it.each(["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(1)"])(
  "gives spreadsheets no formula for the text %j",
  (model) => {
    const record = { model } as AuditRecord;
    expect(csvLine(record)).toMatch(/,"?'[^\w']/);
  },
);

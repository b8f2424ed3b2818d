import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { memoryAuditLog } from "../../adapters/audit/memory";
import { sqliteStore } from "../../adapters/stores/sqlite";
import { openSqlite } from "../../adapters/stores/sqlite-driver";
import type { AuditEvent } from "../../lib/audit/record";
import type { AuditLog } from "../../lib/ports/audit-log";
import { chat, DIALECTS, type Dialect } from "../support/dialects";
import { check, expectErrorHeaders, requestOf, type Ask } from "../support/http-check";
import { send } from "../support/http-client";
import { openSite, type Site } from "../support/site";

/** A sound log that a test can break: by kind of record, by failing or by hanging. */
function breakable() {
  const sound = memoryAuditLog({ node: "gate", boot: "boot-1" });
  const fault: { on: (events: readonly AuditEvent[]) => Promise<void> } = { on: () => Promise.resolve() };
  const log: AuditLog = {
    ...sound,
    append: async (events) => {
      await fault.on(events);
      return sound.append(events);
    },
  };
  return { log, fault };
}

const failing = (kind?: string) => (events: readonly AuditEvent[]) =>
  events.some((event) => kind === undefined || event.kind === kind)
    ? Promise.reject(new Error("disk full: /var/lib/gate.db"))
    : Promise.resolve();

async function unavailable(site: Site, ask: Ask & { readonly dialect: Dialect }): Promise<void> {
  const before = site.upstream.calls.length;
  const { status, text, headers } = await send(site.port, await requestOf(site, ask));
  expect([status, JSON.parse(text)]).toEqual([
    503,
    ask.dialect.envelope("audit_unavailable", "The audit trail is unavailable."),
  ]);
  expectErrorHeaders({ status, headers });
  expect(site.upstream.calls.length).toBe(before);
}

describe.each(DIALECTS)("an audit trail that fails on $path", (dialect) => {
  let site: Site;
  const { log, fault } = breakable();
  beforeAll(async () => {
    site = await openSite({ audit: { log } });
  });
  afterAll(() => site.close());
  afterEach(() => void (fault.on = () => Promise.resolve()));

  it("answers everything 503 with the upstream untouched, and heals by itself", async () => {
    await site.key("alice");
    fault.on = failing();
    for (const stream of [false, true]) await unavailable(site, { dialect, as: "alice", with: { stream } });
    await unavailable(site, { dialect });
    await unavailable(site, { dialect, as: "alice", body: "{" });
    await unavailable(site, { dialect: chat, as: "alice", path: "/v1/models", method: "GET", body: null });
    expect(site.gate.health().audit.refusedUnrecorded).toBeGreaterThanOrEqual(5);
    fault.on = () => Promise.resolve();
    for (const stream of [false, true]) await check(site, { dialect, as: "alice", with: { stream } }, {});
    await check(site, { dialect }, { refused: "unauthorized", reason: "missing" });
  });

  it("withholds a whole answer whose completion cannot be written, and writes it when it can", async () => {
    fault.on = failing("completion");
    const { status, text, headers } = await send(site.port, await requestOf(site, { dialect, as: "alice" }));
    expect([status, JSON.parse(text)]).toEqual([503, dialect.envelope("audit_unavailable", expect.any(String))]);
    expect(text).not.toContain("Hello");
    expect(site.gate.health()).toMatchObject({ ready: false, audit: { completionsOwed: 1 } });
    fault.on = () => Promise.resolve();
    const late = await site.recorded(
      ({ kind, requestId }) => kind === "completion" && requestId === headers["x-request-id"],
    );
    expect(late).toMatchObject({ status: 503, outcome: "refused", reason: "audit_unavailable" });
    expect(site.gate.health().ready).toBe(true);
  });

  it("cannot take back a stream: it ends as it did, and its completion is written when it can be", async () => {
    fault.on = failing("completion");
    const { status, text, headers } = await send(
      site.port,
      await requestOf(site, { dialect, as: "alice", with: { stream: true } }),
    );
    expect([status, text.includes(dialect.cleanEnd)]).toEqual([200, true]);
    fault.on = () => Promise.resolve();
    const late = await site.recorded(
      ({ kind, requestId }) => kind === "completion" && requestId === headers["x-request-id"],
    );
    expect(late).toMatchObject({ status: 200, outcome: "ok" });
  });
});

describe("an audit trail that hangs", () => {
  it("is 503 after two seconds, and other calls go on when it answers again", async () => {
    const { log, fault } = breakable();
    const site = await openSite({ audit: { log } });
    await Promise.all(["alice", "bob"].map((name) => site.key(name)));
    const waiting: (() => void)[] = [];
    fault.on = () => new Promise((resolve) => void waiting.push(resolve));
    const started = performance.now();
    await Promise.all(
      DIALECTS.map((dialect) =>
        send(site.port, { path: dialect.path, body: "" }).then(({ status }) => expect(status).toBe(503)),
      ),
    );
    expect(performance.now() - started).toBeLessThan(4_000);
    fault.on = () => Promise.resolve();
    for (const release of waiting) release();
    for (const dialect of DIALECTS) await check(site, { dialect, as: "alice" }, {});
    await site.close();
  });
});

describe("a trail in a SQLite file", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "gate-http-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("that another connection holds locked is 503 with the upstream untouched, and heals when it is let go", async () => {
    const file = path.join(folder, "gate.db");
    const site = await openSite({ store: sqliteStore(file) });
    for (const dialect of DIALECTS) await check(site, { dialect, as: "alice" }, {});
    const other = openSqlite(file);
    other.exec("BEGIN EXCLUSIVE");
    await Promise.all(DIALECTS.map((dialect) => unavailable(site, { dialect, as: "alice" })));
    other.exec("ROLLBACK");
    other.close();
    for (const dialect of DIALECTS) {
      for (const stream of [false, true]) await check(site, { dialect, as: "alice", with: { stream } }, {});
    }
    await site.close();
  });
});

test.each(DIALECTS)("a host's log that throws at every line costs no call and no record on $path", async (dialect) => {
  const { log, fault } = breakable();
  const full = (): never => {
    throw new Error("ENOSPC: no space left on device");
  };
  const site = await openSite({ audit: { log }, logger: { debug: full, info: full, warn: full, error: full } });
  await site.key("alice");
  fault.on = failing();
  await unavailable(site, { dialect, as: "alice" });
  fault.on = failing("completion");
  const { status, headers } = await send(site.port, await requestOf(site, { dialect, as: "alice" }));
  expect(status).toBe(503);
  fault.on = () => Promise.resolve();
  const requestId = headers["x-request-id"];
  const late = await site.recorded((record) => record.kind === "completion" && record.requestId === requestId);
  expect(late).toMatchObject({ status: 503, outcome: "refused", reason: "audit_unavailable" });
  await check(site, { dialect, as: "alice" }, {});
  await site.close();
});

test("what a host's own asynchronous functions reject with ends no process, and keeps none from the next record", async () => {
  const seen: string[] = [];
  const rejects = (): unknown => Promise.reject(new Error("the host's database is away"));
  const site = await openSite({
    admit: () => rejects,
    logger: { debug: rejects, info: rejects, warn: rejects, error: rejects },
    audit: {
      sinks: [{ name: "host", write: (records) => (seen.push(...records.map(({ kind }) => kind)), rejects()) }],
    },
  });
  for (const dialect of DIALECTS) await check(site, { dialect, as: "alice" }, {});
  await site.gate.drain(2_000);
  expect(seen).toEqual(DIALECTS.flatMap(() => ["intent", "completion"]));
  expect(site.gate.health().audit.sinkFailures).toBeGreaterThan(0);
  await site.close();
});

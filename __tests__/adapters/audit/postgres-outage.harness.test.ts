import { Client } from "pg";
import { postgresAuditLog, type PostgresAuditLogOptions } from "../../../adapters/audit/postgres";
import { postgresStore } from "../../../adapters/stores/postgres";
import { assertChain, chainOf, requestIds } from "../../../lib/conformance/audit-fixtures";
import { auditEvent, type AuditEvent } from "../../../lib/audit/record";
import type { AuditLog } from "../../../lib/ports/audit-log";
import { describeWithOwnPostgres, ownPostgres } from "../../support/postgres-server";

const LIMIT_MS = 2_500;
const HEALED_MS = 5_000;

const refusal = (requestId: string): AuditEvent => auditEvent("refusal", Date.now(), { requestId });
const intent = (requestId: string): AuditEvent => auditEvent("intent", Date.now(), { requestId });
const completion = (requestId: string): AuditEvent => auditEvent("completion", Date.now(), { requestId });

/** How an append ends: the name of the error, or "written"; and after how long. */
async function tried(log: AuditLog, event: AuditEvent): Promise<{ readonly end: string; readonly ms: number }> {
  const began = performance.now();
  const end = await log.append([event]).then(
    () => "written",
    (error: unknown) => (error as Error).name,
  );
  return { end, ms: performance.now() - began };
}

/** Appends until one is written; gives the milliseconds that took. */
async function healed(log: AuditLog): Promise<number> {
  const began = performance.now();
  for (;;) {
    if ((await tried(log, refusal("healed"))).end === "written") return performance.now() - began;
    if (performance.now() - began > 3 * HEALED_MS) throw new Error("The audit log does not heal.");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describeWithOwnPostgres("the audit log in PostgreSQL", () => {
  const server = ownPostgres();
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    server().thaw();
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function opened(options: Partial<PostgresAuditLogOptions> = {}): Promise<{ url: string; log: AuditLog }> {
    const url = await server().database();
    const store = postgresStore(url);
    await store.open();
    await store.close();
    return { url, log: logOn(url, options) };
  }

  function logOn(url: string, options: Partial<PostgresAuditLogOptions> = {}): AuditLog {
    const log = postgresAuditLog(url, { node: "gate-1", boot: "boot-1", ...options });
    closing.push(() => log.close());
    return log;
  }

  async function connected(url: string): Promise<Client> {
    const client = new Client({ connectionString: url });
    client.on("error", () => undefined);
    await client.connect();
    closing.push(() => client.end());
    return client;
  }

  it("refuses in time while the server hangs, and heals by itself; what was uncertain is on record at most once", async () => {
    const { log } = await opened();
    await log.append([refusal("before")]);
    server().freeze();
    const ends = new Map<string | null, string>();
    await Promise.all(
      Array.from({ length: 30 }, async (_, turn) => {
        await new Promise((resolve) => setTimeout(resolve, turn * 100));
        const { end, ms } = await tried(log, refusal(`${turn}`));
        ends.set(`${turn}`, end);
        expect(ms).toBeLessThan(LIMIT_MS);
      }),
    );
    server().thaw();
    expect(await healed(log)).toBeLessThan(HEALED_MS);
    const ids = requestIds(await chainOf(log));
    expect(new Set(ends.values())).toEqual(new Set(["UncertainAppend", "Error"]));
    expect(ids.filter((id) => ends.get(id) !== "UncertainAppend")).toEqual(["before", "healed"]);
    expect(new Set(ids).size).toBe(ids.length);
    await assertChain(log, ids.length);
  });

  it.each(["kill", "stop"] as const)("loses nothing that it acknowledged to a %s of the server", async (how) => {
    const { log } = await opened();
    const acknowledged: string[] = [];
    let running = true;
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let turn = 0; running; turn += 1) {
        const id = `${writer}-${turn}`;
        const { end, ms } = await tried(log, refusal(id));
        if (end === "written") acknowledged.push(id);
        else await new Promise((resolve) => setTimeout(resolve, 20));
        expect(ms).toBeLessThan(LIMIT_MS);
      }
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await server()[how]();
    await server().start();
    expect(await healed(log)).toBeLessThan(HEALED_MS);
    running = false;
    await Promise.all(writers);
    const rows = await chainOf(log);
    expect(acknowledged.length).toBeGreaterThan(20);
    expect(new Set(requestIds(rows))).toEqual(new Set([...requestIds(rows), ...acknowledged]));
    await assertChain(log, rows.length);
  });

  it("ends a call once, also when it had to write the ending again", async () => {
    const { log } = await opened();
    await log.append([intent("call"), intent("other")]);
    server().freeze();
    expect((await tried(log, completion("call"))).end).toBe("UncertainAppend");
    server().thaw();
    await healed(log);
    await log.append([completion("call")]);
    await log.append([completion("call")]);
    const kinds = (await chainOf(log))
      .filter(({ record }) => record.requestId === "call")
      .map(({ record }) => record.kind);
    expect(kinds).toEqual(["intent", "completion"]);
  });

  it("writes nothing of what waited for a lock, and says so in time", async () => {
    const { url, log } = await opened();
    const holder = await connected(url);
    await holder.query("begin");
    await holder.query("lock table audit in exclusive mode");
    expect(await tried(log, refusal("locked"))).toMatchObject({ end: "error" });
    await holder.query("commit");
    await healed(log);
    expect(requestIds(await chainOf(log))).toEqual(["healed"]);
  });

  it("goes on after the server dropped its connections, and keeps the node's name", async () => {
    const { url, log } = await opened();
    await log.claim();
    await log.append([refusal("before")]);
    const admin = await connected(url);
    await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()");
    expect(await healed(log)).toBeLessThan(1_000);
    await assertChain(log, 2);
    await expect(logOn(url, { boot: "boot-2" }).claim()).rejects.toMatchObject({ code: "audit_node_in_use" });
  });

  it("writes nothing when another process took the node's name while its connection was lost, until that has ended", async () => {
    const { url, log } = await opened();
    await log.claim();
    await log.append([refusal("before")]);
    const admin = await connected(url);
    const other = logOn(url, { boot: "boot-2" });
    await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()");
    await other.claim();
    for (const id of ["fenced", "still fenced"]) {
      await expect(log.append([refusal(id)])).rejects.toMatchObject({ cause: { code: "audit_node_in_use" } });
    }
    await other.append([refusal("the other's")]);
    await other.close();
    expect(await healed(log)).toBeLessThan(HEALED_MS);
    await expect(logOn(url, { boot: "boot-3" }).claim()).rejects.toMatchObject({ code: "audit_node_in_use" });
    expect(requestIds(await chainOf(log))).toEqual(["before", "the other's", "healed"]);
  });

  it("commits to disk before it answers, in a database that would rather not", async () => {
    const { url, log } = await opened();
    const admin = await connected(url);
    await admin.query(`alter database ${new URL(url).pathname.slice(1)} set synchronous_commit = off`);
    await admin.query(`create function note() returns trigger language plpgsql as
      $$ begin raise exception 'synchronous_commit is %', current_setting('synchronous_commit'); end $$`);
    await admin.query("create trigger note before insert on audit for each statement execute function note()");
    await expect(log.append([refusal("a")])).rejects.toThrow("synchronous_commit is on");
  });

  it("refuses at once what is more than it can hold", async () => {
    const { log } = await opened({ capacity: 10 });
    const appends = Array.from({ length: 15 }, (_, index) => tried(log, refusal(`${index}`)));
    const ends = (await Promise.all(appends)).map(({ end }) => end);
    expect(ends.filter((end) => end === "written")).toHaveLength(10);
    await assertChain(log, 10);
  });

  it("refuses before a store has made its table", async () => {
    const log = logOn(await server().database());
    await expect(log.append([refusal("a")])).rejects.toThrow(/"audit" does not exist/);
    await expect(log.read({})).rejects.toThrow(/"audit" does not exist/);
  });

  it("closes in time while the server hangs", async () => {
    const { log } = await opened();
    await log.append([refusal("a")]);
    await log.read({});
    server().freeze();
    const began = performance.now();
    await log.close();
    expect(performance.now() - began).toBeLessThan(LIMIT_MS);
    server().thaw();
  });
});

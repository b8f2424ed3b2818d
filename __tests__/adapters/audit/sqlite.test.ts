import { execFile } from "node:child_process";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { promisify } from "node:util";
import { sqliteAuditLog, type SqliteAuditLogOptions } from "../../../adapters/audit/sqlite";
import { openSqlite } from "../../../adapters/stores/sqlite-driver";
import { sqliteStore } from "../../../adapters/stores/sqlite";
import { assertChain } from "../../../lib/conformance/audit-fixtures";
import { auditEvent, type AuditEvent } from "../../../lib/audit/record";
import type { AuditLog } from "../../../lib/ports/audit-log";
import { tempFolder } from "../stores/temp-folder";

const fresh = tempFolder();
const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function trailFile(): Promise<string> {
  const path = fresh();
  const store = sqliteStore(path);
  await store.open();
  await store.close();
  return path;
}

function logOn(path: string, options: Partial<SqliteAuditLogOptions> = {}): AuditLog {
  const log = sqliteAuditLog(path, { node: "gate-1", boot: "b1", ...options });
  closing.push(() => log.close());
  return log;
}

const refusal = (requestId = "a"): AuditEvent => auditEvent("refusal", Date.now(), { requestId });
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

async function answers(appends: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status } of await Promise.allSettled(appends)) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Takes the write lock of the file from another connection. */
function lock(path: string): () => void {
  const connection = openSqlite(path);
  connection.exec("begin exclusive");
  const release = (): void => connection.close();
  closing.push(release);
  return release;
}

it.each(["9007199254740991", "9223372036854775807", "'zz'"])(
  "writes nothing behind a forged row at position %s, and names it and what to do",
  async (position) => {
    const path = await trailFile();
    const log = logOn(path);
    await log.append([refusal()]);
    const connection = openSqlite(path);
    const columns =
      "hash, at, kind, organization, user, key_id, request_id, protocol, model, decision, reason, status, outcome";
    connection.exec(`insert into audit select node, boot, ${position}, record, ${columns} from audit where seq = 1`);
    for (const attempt of ["first", "second"]) {
      await expect(log.append([refusal(attempt)])).rejects.toThrow(
        /^The audit trail has a forged row of the node gate-1 at position 9007199254740991 or beyond, .*`llm-gate audit verify`/,
      );
    }
    connection.exec("delete from audit where seq <> 1");
    connection.close();
    expect(await log.append([refusal("after")])).toMatchObject([{ seq: 2 }]);
  },
);

describe("a locked database", () => {
  it("refuses within a second, writes nothing of what it refused, and heals by itself", async () => {
    const path = await trailFile();
    const log = logOn(path);
    await log.append([refusal("before")]);
    const release = lock(path);
    const began = performance.now();
    expect(await answers(times(20, () => log.append([refusal("locked")])))).toEqual({ rejected: 20 });
    expect(performance.now() - began).toBeLessThan(2_500);
    release();
    await log.append([refusal("after")]);
    expect((await log.read({})).map(({ record }) => record.requestId)).toEqual(["before", "after"]);
    await assertChain(log, 2);
  });
});

describe("a database in trouble", () => {
  it("refuses while the table cannot be written, and heals when it can", async () => {
    const path = await trailFile();
    const log = logOn(path);
    const admin = openSqlite(path);
    closing.push(() => admin.close());
    await log.append([refusal()]);
    admin.exec("alter table audit rename to mislaid");
    await expect(log.append([refusal()])).rejects.toThrow(/no such table/);
    admin.exec("alter table mislaid rename to audit");
    await log.append([refusal()]);
    await assertChain(log, 2);
  });

  it("refuses when its file is gone or was replaced, and goes on with the one that is there", async () => {
    const path = await trailFile();
    const log = logOn(path);
    await log.append([refusal()]);
    for (const suffix of ["", "-wal", "-shm"]) renameSync(path + suffix, `${path}.away${suffix}`);
    await expect(log.append([refusal()])).rejects.toThrow();
    renameSync(await trailFile(), path);
    await log.append([refusal()]).catch(() => undefined);
    expect(await log.append([refusal()])).toMatchObject([{ node: "gate-1" }]);
  });

  it("reads, too, the file that is there: a sink would get nothing more, and a search would find what is gone", async () => {
    const path = await trailFile();
    const log = logOn(path);
    await log.append([refusal("gone"), refusal("gone")]);
    expect(await log.read({})).toHaveLength(2);
    for (const suffix of ["", "-wal", "-shm"]) renameSync(path + suffix, `${path}.away${suffix}`);
    await expect(log.heads()).rejects.toThrow();
    renameSync(await trailFile(), path);
    expect(await log.heads()).toEqual([]);
    await log.append([refusal("new")]).catch(() => log.append([refusal("new")]));
    expect((await log.read({})).map(({ record }) => record.requestId)).toEqual(["new"]);
  });

  it("refuses before a store has made its table, and creates no file", async () => {
    const path = fresh();
    await expect(logOn(path).append([refusal()])).rejects.toThrow();
    await expect(logOn(path).read({})).rejects.toThrow();
    const store = sqliteStore(path);
    await store.open();
    closing.push(() => store.close());
    const log = store.auditLog({ node: "gate-1", boot: "b1" });
    closing.push(() => log.close());
    await log.append([refusal()]);
    await assertChain(log, 1);
  });
});

describe("more appends than it can take", () => {
  it("are refused at once, the others written", async () => {
    const log = logOn(await trailFile(), { capacity: 100 });
    const began = performance.now();
    const appends = times(150, () => log.append([refusal()]));
    await expect(appends[149]).rejects.toThrow("Too many audit records are waiting.");
    expect(performance.now() - began).toBeLessThan(1_500);
    expect(await answers(appends)).toEqual({ fulfilled: 100, rejected: 50 });
    await log.append([refusal()]);
    await assertChain(log, 101);
  });

  it("are refused after the time-out, and never written unless it was said that nobody knew", async () => {
    const path = await trailFile();
    const log = logOn(path, { timeoutMs: 250 });
    await logOn(path).append([refusal("before")]);
    const release = lock(path);
    const ids = times(20, (index) => `queued-${index}`);
    const errors = await Promise.all(
      ids.map((id) => log.append([refusal(id)]).catch((error: unknown) => (error as Error).name)),
    );
    expect(errors.filter((name) => name !== "UncertainAppend" && name !== "Error")).toEqual([]);
    release();
    const other = logOn(path);
    await log.close();
    await other.append([refusal("after")]);
    const uncertain = ids.filter((_, index) => errors[index] === "UncertainAppend");
    const onRecord = (await other.read({})).map(({ record }) => record.requestId ?? "");
    expect(onRecord).toEqual(["before", ...uncertain.filter((id) => onRecord.includes(id)), "after"]);
  });
});

describe("many appends at once", () => {
  it("share transactions, all or nothing each, and block the event loop for no longer than a turn", async () => {
    const log = logOn(await trailFile());
    await log.append([refusal()]);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(
        times(100, (index) => log.append([refusal(`${round}-${index}`), refusal(`${round}-${index}`)])),
      );
    }
    delay.disable();
    expect(delay.percentile(90) / 1e6).toBeLessThan(500);
    const heads = await log.heads();
    expect(heads).toMatchObject([{ node: "gate-1", boot: "b1", seq: 4_001 }]);
    const records = (await log.read({ node: "gate-1", afterSeq: 1, limit: 5_000 })).map(({ record }) => record);
    expect(records.every(({ requestId }, index) => requestId === records[index ^ 1]?.requestId)).toBe(true);
  });

  it("make one chain when two processes' logs write as one node", async () => {
    const path = await trailFile();
    const log = logOn(path);
    const logs = [log, logOn(path, { boot: "b2" }), logOn(path, { node: "cli" })];
    await Promise.all(logs.flatMap((one) => times(100, () => one.append([refusal()]))));
    await assertChain(log, 200);
    await assertChain(log, 100, "cli");
  });
});

it("does not answer for a record before it is in the file", async () => {
  const path = await trailFile();
  const log = logOn(path);
  const other = openSqlite(path, { readonly: true });
  closing.push(() => other.close());
  for (const turn of times(20, (index) => index + 1)) {
    await log.append([refusal()]);
    expect(other.prepare("select count(*) as records from audit").get()?.["records"]).toBe(turn);
  }
});

it("starts the writer again when its thread dies, and tells what was in flight that nobody knows", async () => {
  const script = join(__dirname, "../../support/restart-writer.js");
  const path = await trailFile();
  const { stdout } = await promisify(execFile)(process.execPath, [script, path]);
  expect(JSON.parse(stdout)).toEqual({ before: "durable", inFlight: "UncertainAppend", after: "durable", threads: 2 });
  const log = logOn(path);
  const seq = (await log.heads())[0]?.seq ?? 0;
  await assertChain(log, seq);
});

it.each(["", "two words", "n\0", "x".repeat(129)])("refuses %j as the name of a node", (node) => {
  expect(() => sqliteAuditLog("x.db", { node, boot: "b" })).toThrow(
    expect.objectContaining({ code: "audit_node_name" }),
  );
});

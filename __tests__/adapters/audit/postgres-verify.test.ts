import { postgresAuditLog } from "../../../adapters/audit/postgres";
import { postgresTrailSource } from "../../../adapters/audit/postgres/trail-source";
import { postgresStore } from "../../../adapters/stores/postgres";
import { boundedSettings, postgresAddress } from "../../../adapters/postgres/postgres-address";
import { loadPg } from "../../../adapters/postgres/load-pg";
import { publicKeysIn } from "../../../lib/audit/checkpoint-key";
import { auditEvent } from "../../../lib/audit/record";
import type { TrailVerdict } from "../../../lib/audit/trail-verdict";
import { verifyTrail } from "../../../lib/audit/verify-trail";
import { checkpointKeys } from "../../support/checkpoint-key";
import { describeWithPostgres, postgresDatabases } from "../../support/postgres-server";

/** Longer than a call would wait for a connection. */
const SLOW_MS = 2_200;

describeWithPostgres("a verifier of a trail in PostgreSQL", () => {
  const database = postgresDatabases();
  const keys = checkpointKeys();
  let url: string;

  beforeAll(async () => {
    url = await database();
    await makeTables(url);
    const log = postgresAuditLog(url, { node: "gate-1", boot: "b", checkpointKey: keys.privateKey });
    const calls = Array.from({ length: 1_200 }, (_, index) => [
      auditEvent("intent", Date.now(), { requestId: `r-${index}`, user: "alice@acme.test" }),
      auditEvent("completion", Date.now(), { requestId: `r-${index}`, status: 200, outcome: "ok" }),
    ]);
    await log.append(calls.flat());
    await log.append([auditEvent("checkpoint", Date.now(), {})]);
    await log.close();
  });

  async function makeTables(address: string): Promise<void> {
    const store = postgresStore(address);
    await store.open();
    await store.close();
  }

  async function run(address: string, statement: string): Promise<void> {
    const client = new (loadPg().Client)(boundedSettings(postgresAddress(address), 10_000));
    await client.connect();
    await client.query(statement);
    await client.end();
  }

  async function verify(address = url): Promise<TrailVerdict> {
    const source = postgresTrailSource(address);
    try {
      return await verifyTrail(source, { keys: publicKeysIn(keys.publicKey) });
    } finally {
      await source.close();
    }
  }

  /** What was done is undone afterwards. */
  async function after(change: string, undo: string): Promise<TrailVerdict> {
    await run(url, change);
    const verdict = await verify();
    await run(url, undo);
    return verdict;
  }

  it("finds it clean over more than one page, its checkpoint signed", async () => {
    expect(await verify()).toMatchObject({
      ...{ status: "clean", records: 2_401, firstBad: null },
      checkpoints: { onRecord: 1, signaturesChecked: true },
    });
  });

  it("waits for its turn on a slow database, with more to read than it has connections", async () => {
    const holder = new (loadPg().Client)(boundedSettings(postgresAddress(url), 10_000));
    const source = postgresTrailSource(url);
    await holder.connect();
    await holder.query("begin");
    await holder.query("lock table audit in access exclusive mode");
    const reading = Promise.all([1, 2, 3].map(() => source.linkAt("gate-1", 1)));
    await Promise.race([reading, new Promise((resolve) => setTimeout(resolve, SLOW_MS))]);
    await holder.query("commit");
    expect(await reading).toMatchObject([1, 2, 3].map(() => ({ boot: "b", hash: expect.any(String) as string })));
    await Promise.all([holder.end(), source.close()]);
  });

  it("names the first bad record", async () => {
    const column = await after(
      `update audit set "user" = 'bob' where seq = 1001`,
      `update audit set "user" = 'alice@acme.test' where seq = 1001`,
    );
    expect(column.firstBad).toMatchObject({ node: "gate-1", seq: 1_001, reason: "column_mismatch", column: "user" });
    const cut = await after(
      "alter table audit rename to audit_kept; create table audit as select * from audit_kept where seq <= 77",
      "drop table audit; alter table audit_kept rename to audit",
    );
    expect(cut).toMatchObject({ status: "incomplete", records: 77, firstBad: { seq: 77, reason: "open_intent" } });
    const gap = await after(
      "update audit set seq = seq + 100000 where seq = 2401",
      "update audit set seq = 2401 where seq > 100000",
    );
    expect(gap.firstBad).toMatchObject({ seq: 2_401, reason: "gap" });
  });

  it("sees that a chain ends before what a sink has of it", async () => {
    const found = await after(
      `insert into audit_sinks (sink) values ('siem');
       insert into audit_sink_places (sink, node, seq, held_until) values ('siem', 'gate-1', 2402, 0), ('siem', 'gone', 7, 0)`,
      "delete from audit_sink_places; delete from audit_sinks",
    );
    const firstBad = { node: "gate-1", boot: "b", seq: 2_402, reason: "sink_ahead" };
    expect(found).toMatchObject({ status: "tampered", faults: 2, sinks: 1, firstBad });
  });

  it.each([
    ["at position 0", "update audit set seq = 0 where seq = 2401", "update audit set seq = 2401 where seq = 0"],
    ["of no node", "update audit set node = '' where seq = 2401", "update audit set node = 'gate-1' where seq = 2401"],
  ])("sees a row that no chain reads: one %s", async (_, change, undo) => {
    expect(await after(change, undo)).toMatchObject({ status: "tampered" });
  });

  it("tells the calls of a node that runs from those of one that does not", async () => {
    const log = postgresAuditLog(url, { node: "gate-2", boot: "b" });
    await log.append([auditEvent("intent", Date.now(), { requestId: "open" })]);
    expect(await verify()).toMatchObject({ status: "incomplete", firstBad: { node: "gate-2", reason: "open_intent" } });
    await log.claim();
    expect(await verify()).toMatchObject({ status: "clean", openCalls: 1 });
    await log.close();
  });

  it("refuses a checkpoint without a key alone, and not what is written beside it", async () => {
    const log = postgresAuditLog(url, { node: "gate-3", boot: "b" });
    const beside = log.append([auditEvent("refusal", Date.now(), {})]);
    await expect(log.append([auditEvent("checkpoint", Date.now(), {})])).rejects.toThrow("no key");
    expect(await beside).toHaveLength(1);
    await log.close();
  });

  it("finds the checkpoints of several nodes in one line, whatever isolation the database gives transactions", async () => {
    const shared = await database();
    await makeTables(shared);
    const name = new URL(shared).pathname.slice(1);
    await run(shared, `alter database ${name} set default_transaction_isolation = 'repeatable read'`);
    const nodes = ["one", "two", "three", "four"];
    const options = (node: string) => ({ node, boot: "b", checkpointKey: keys.privateKey });
    const logs = nodes.map((node) => postgresAuditLog(shared, options(node)));
    for (let round = 0; round < 3; round += 1)
      await Promise.all(logs.map((log) => log.append([auditEvent("checkpoint", Date.now(), {})])));
    await Promise.all(logs.map((log) => log.close()));
    expect(await verify(shared)).toMatchObject({ status: "clean", checkpoints: { onRecord: 12 } });
  });
});

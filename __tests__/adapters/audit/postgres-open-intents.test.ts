import { Client } from "pg";
import { postgresAuditLog } from "../../../adapters/audit/postgres";
import { postgresStore } from "../../../adapters/stores/postgres";
import { auditEvent } from "../../../lib/audit/record";
import type { AuditLog } from "../../../lib/ports/audit-log";
import { describeWithPostgres, postgresDatabases } from "../../support/postgres-server";

/** More than one statement looks at. */
const CALLS = 20_050;

/** Calls with an intent and an ending each, in a table that the database has counted nothing of. */
const MANY_CALLS = `insert into audit (node, boot, seq, record, hash, at, kind, request_id)
  select 'gate-1', 'b1', 10 + n, '', '', '', case when n % 2 = 0 then 'intent' else 'completion' end, 'call-' || to_char(n / 2, 'FM000000')
  from generate_series(0, 2 * ${CALLS} - 1) as n`;

describeWithPostgres("open intents in PostgreSQL", () => {
  const database = postgresDatabases();

  async function ask(url: string, ...statements: readonly string[]): Promise<void> {
    const client = new Client({ connectionString: url });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  }

  async function openLog(url: string, boot: string): Promise<AuditLog> {
    const log = postgresAuditLog(url, { node: "gate-1", boot });
    await log.claim();
    return log;
  }

  it("are found in time among many calls, before the database has analysed its table", async () => {
    const url = await database();
    const store = postgresStore(url);
    await store.open();
    await store.close();
    const first = await openLog(url, "b1");
    const open = ["call-zz", "call-000000x", "a", "call-020000x"];
    for (const requestId of open) await first.append([auditEvent("intent", 0, { requestId })]);
    await first.close();
    await ask(url, "alter table audit set (autovacuum_enabled = false)", MANY_CALLS);
    const second = await openLog(url, "b2");
    expect((await second.openIntents()).map(({ requestId }) => requestId)).toEqual(open);
    await second.close();
  }, 60_000);
});

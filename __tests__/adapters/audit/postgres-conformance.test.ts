import { postgresAuditLog } from "../../../adapters/audit/postgres";
import { postgresStore } from "../../../adapters/stores/postgres";
import { auditLogCases, type TrailUnderTest } from "../../../lib/conformance";
import { describeWithPostgres, postgresDatabases } from "../../support/postgres-server";

describeWithPostgres("the audit log in PostgreSQL", () => {
  const database = postgresDatabases();
  for (const { name, run } of auditLogCases(trailInDatabase)) it(name, run);

  async function trailInDatabase(): Promise<TrailUnderTest> {
    const url = await database();
    const store = postgresStore(url);
    await store.open();
    return { log: (options) => postgresAuditLog(url, options), close: () => store.close() };
  }
});

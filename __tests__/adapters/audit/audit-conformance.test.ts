import { memoryAuditLog, memoryTrail } from "../../../adapters/audit/memory";
import { sqliteAuditLog } from "../../../adapters/audit/sqlite";
import { sqliteStore } from "../../../adapters/stores/sqlite";
import { auditLogCases, type TrailUnderTest } from "../../../lib/conformance";
import { availableDrivers } from "../stores/sqlite-drivers";
import { tempFolder } from "../stores/temp-folder";

const fresh = tempFolder();

describe("the audit log in memory", () => {
  const cases = auditLogCases(() => {
    const trail = memoryTrail();
    return { log: (options) => memoryAuditLog(options, trail), close: async () => undefined };
  });
  for (const { name, run } of cases) it(name, run);
});

describe.each(availableDrivers)("the audit log in SQLite on %s", (driver) => {
  for (const { name, run } of auditLogCases(trailOnFile)) it(name, run);

  async function trailOnFile(): Promise<TrailUnderTest> {
    const path = fresh();
    const store = sqliteStore(path, { driver });
    await store.open();
    return { log: (options) => sqliteAuditLog(path, { ...options, driver }), close: () => store.close() };
  }
});

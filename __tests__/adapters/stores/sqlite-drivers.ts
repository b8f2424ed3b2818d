import { loadSqliteDriver, type SqliteDriverName } from "../../../adapters/stores/load-sqlite-driver";

/** The drivers of this runtime; says which one is missing, and why. */
export function availableDrivers(): readonly SqliteDriverName[] {
  const names: readonly SqliteDriverName[] = ["node", "better-sqlite3"];
  return names.filter((name) => {
    try {
      return loadSqliteDriver(name).name === name;
    } catch (error) {
      process.stdout.write(`${name}: skipped. ${(error as Error).message}\n`);
      return false;
    }
  });
}

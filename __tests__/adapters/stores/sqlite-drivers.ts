import { loadSqliteDriver, type SqliteDriverName } from "../../../adapters/stores/load-sqlite-driver";

const NAMES: readonly SqliteDriverName[] = ["node", "better-sqlite3"];

/** The drivers of this runtime; says which one is missing, and why. */
export const availableDrivers: readonly SqliteDriverName[] = NAMES.filter((name) => {
  try {
    return loadSqliteDriver(name).name === name;
  } catch (error) {
    process.stdout.write(`Tests on the SQLite driver ${name} are skipped. ${(error as Error).message}\n`);
    return false;
  }
});

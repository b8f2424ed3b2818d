import { setTimeout as sleep } from "node:timers/promises";
import { openSqlite, type SqliteConnection, type SqliteDriverName } from "../../stores/sqlite-driver";
import { sqliteErrorName } from "../../stores/sqlite-error";

/** Removes the beginning of a chain in steps so small that whoever writes hardly waits. */
export interface RowDropper {
  drop(node: string, through: number): Promise<number>;
  close(): void;
}

const STEP = 200;
const DROP = `delete from audit where rowid in
  (select rowid from audit where node = ? and seq <= ? order by seq limit ${STEP})`;
const RETRY_MS = 5;
const MOST_RETRIES = 1_000;

/** Connects when it is first needed: a verifier only reads. */
export function rowDropper(path: string, driver: SqliteDriverName): RowDropper {
  let connection: SqliteConnection | null = null;
  return Object.freeze({
    async drop(node: string, through: number): Promise<number> {
      connection ??= openSqlite(path, { driver, busyTimeoutMs: 0 });
      const statement = connection.prepare(DROP);
      for (let retries = 0; ; retries += 1) {
        try {
          return Number(statement.run(node, through).changes);
        } catch (error) {
          if (sqliteErrorName(error) !== "BUSY" || retries === MOST_RETRIES) throw error;
          await sleep(RETRY_MS);
        }
      }
    },
    close: () => connection?.close(),
  });
}

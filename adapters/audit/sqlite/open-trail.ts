import { statSync } from "node:fs";
import { openSqlite, type SqliteConnection, type SqliteStatement } from "../../stores/sqlite-driver";
import type { WriterSettings } from "./writer-messages";

/** Two waits for a lock, one of the transaction before, still leave time to refuse within a second. */
const BUSY_TIMEOUT_MS = 400;

/** What a forger put at no position, or at one that no number holds, is at the last: behind it nothing is written. */
const LAST = "select min(seq, 9007199254740991) as seq, hash from audit where node = ? order by audit.seq desc limit 1";
const ENDING =
  "select 1 from audit where node = ? and kind in ('completion', 'interrupted') and request_id = ? limit 1";
const PRESENT = "select 1 from audit where node = ? and kind = ? and request_id = ? limit 1";
const INSERT = `insert into audit (node, boot, seq, record, hash, at, kind, organization, "user", key_id, request_id,
  protocol, model, decision, reason, status, outcome) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** The writer's connection, with what it says over and over prepared. */
export interface OpenTrail {
  readonly connection: SqliteConnection;
  /** Which file it is. */
  readonly file: string;
  readonly last: SqliteStatement;
  readonly ending: SqliteStatement;
  readonly present: SqliteStatement;
  readonly insert: SqliteStatement;
}

/** `afterFailure`: a write to the file has failed. */
export function openTrail({ path, driver }: WriterSettings, afterFailure = false): OpenTrail {
  const file = fileIdentity(path);
  const connection = openSqlite(path, { busyTimeoutMs: BUSY_TIMEOUT_MS, ...(driver && { driver }) });
  try {
    if (afterFailure) beginLogAnew(connection);
    const prepare = (sql: string): SqliteStatement => connection.prepare(sql);
    const known = { last: prepare(LAST), ending: prepare(ENDING), present: prepare(PRESENT) };
    return { connection, file, ...known, insert: prepare(INSERT) };
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** A file that was replaced or removed would go on taking records that nobody can find again. Throws when it is not there. */
export function fileIdentity(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev}:${ino}`;
}

/**
 * A sync that failed is not repeated: the system may hold for written what never reached the disk, the length of the log
 * too. All that the log holds goes to the database, and the log begins at no bytes.
 */
function beginLogAnew(connection: SqliteConnection): void {
  const done = connection.prepare("pragma wal_checkpoint(truncate)").get();
  if (done?.["busy"] !== 0) throw new Error("The write-ahead log could not be begun anew after a failed write.");
}

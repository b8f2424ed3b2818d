import { closeSync, openSync } from "node:fs";
import { ConfigurationError } from "../../lib/denial";
import {
  loadSqliteDriver,
  type SqliteDriverName,
  type SqliteHandle,
  type SqliteStatement,
  type SqliteValue,
} from "./load-sqlite-driver";
import { sqliteErrorName } from "./sqlite-error";

export interface OpenSqliteOptions {
  /** Default false. A read-only connection neither creates the file nor sets its journal mode. */
  readonly readonly?: boolean;
  /** Default: see `loadSqliteDriver`. */
  readonly driver?: SqliteDriverName;
  /** How long a statement waits, blocking its thread, for another connection's lock. Default 5,000 ms. */
  readonly busyTimeoutMs?: number;
}

/** One connection, write-ahead log on, every commit synced to disk, foreign keys enforced. */
export interface SqliteConnection extends SqliteHandle {
  readonly driver: SqliteDriverName;
  readonly path: string;
  /** `pragma("data_version")`: the first column of the first row, null when there is none. */
  pragma(text: string): SqliteValue;
}

const BUSY_TIMEOUT_MS = 5_000;
const LOCK_RETRY_MS = 10;

/** Opens, and creates with mode 0600, a database file. Throws ConfigurationError with a sentence for the operator. */
export function openSqlite(path: string, options: OpenSqliteOptions = {}): SqliteConnection {
  if (path === "" || path === ":memory:") {
    throw new ConfigurationError(
      "store_unreadable",
      "A SQLite store needs the path of a file; for one in memory use memoryStore().",
    );
  }
  const driver = loadSqliteDriver(options.driver);
  const readonly = options.readonly ?? false;
  try {
    if (!readonly) createPrivate(path);
    const connection = connected(driver.open(path, readonly), driver.name, path);
    return prepared(connection, readonly, options.busyTimeoutMs ?? BUSY_TIMEOUT_MS);
  } catch (cause) {
    throw sqliteOpenError(path, cause);
  }
}

/**
 * SQLite would create the file readable by everybody. An existing file is not even opened here: closing any
 * descriptor of a file drops the locks that this process holds on it.
 */
function createPrivate(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

function connected(handle: SqliteHandle, driver: SqliteDriverName, path: string): SqliteConnection {
  const pragma = (text: string): SqliteValue => firstValue(handle.prepare(`pragma ${text}`));
  return Object.freeze({ ...handle, driver, path, pragma });
}

function firstValue(statement: SqliteStatement): SqliteValue {
  const row = statement.get();
  return row === undefined ? null : (Object.values(row)[0] ?? null);
}

function prepared(connection: SqliteConnection, readonly: boolean, busyTimeoutMs: number): SqliteConnection {
  try {
    connection.pragma(`busy_timeout = ${busyTimeoutMs}`);
    connection.exec("pragma foreign_keys = on");
    connection.exec("pragma synchronous = full");
    if (readonly) connection.pragma("schema_version");
    else useWriteAheadLog(connection);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** The switch needs the file alone for a moment and does not heed the busy timeout: two first starts may meet here. */
function useWriteAheadLog(connection: SqliteConnection): void {
  for (let waited = 0; ; waited += LOCK_RETRY_MS) {
    try {
      const mode = connection.pragma("journal_mode = wal");
      if (mode === "wal") return;
      throw new ConfigurationError(
        "store_unreadable",
        `The file system of ${connection.path} cannot carry a write-ahead log (got ${String(mode)}).`,
      );
    } catch (error) {
      if (sqliteErrorName(error) !== "BUSY" || waited >= BUSY_TIMEOUT_MS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_RETRY_MS);
    }
  }
}

const SENTENCES: Readonly<Record<string, string>> = {
  ENOENT: "cannot be created: its folder does not exist",
  ENOTDIR: "cannot be created: its folder does not exist",
  EACCES: "cannot be opened: permission denied",
  EPERM: "cannot be opened: permission denied",
  EROFS: "cannot be written: the file system is read-only",
  EISDIR: "is a folder, not a database",
  NOTADB: "is not a SQLite database",
  CORRUPT: "is damaged: restore it from a backup",
  CANTOPEN: "cannot be opened: it is missing, a folder, or not readable",
  READONLY: "cannot be written: it or its folder is read-only",
  BUSY: "is locked by another program",
  PERM: "cannot be opened: permission denied",
};

/** What kept a database from being used, as one sentence; a ConfigurationError passes as it is. */
export function sqliteOpenError(path: string, cause: unknown): ConfigurationError {
  if (cause instanceof ConfigurationError) return cause;
  const name = sqliteErrorName(cause) ?? (cause as NodeJS.ErrnoException).code ?? "";
  const sentence = SENTENCES[name] ?? `cannot be opened: ${(cause as Error).message}`;
  return new ConfigurationError("store_unreadable", `The database ${path} ${sentence}.`, cause);
}

export type { SqliteDriverName, SqliteRow, SqliteStatement, SqliteValue } from "./load-sqlite-driver";

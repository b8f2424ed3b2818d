import { createRequire } from "node:module";
import { ConfigurationError } from "../../lib/denial";

/** `node`: the runtime's own `node:sqlite`. `better-sqlite3`: the optional peer, for runtimes without one. */
export type SqliteDriverName = "node" | "better-sqlite3";

export type SqliteValue = null | number | bigint | string | Uint8Array;
export type SqliteRow = Readonly<Record<string, SqliteValue>>;

/** A prepared statement; parameters are positional. */
export interface SqliteStatement {
  /** True when it gives rows. */
  readonly reader: boolean;
  all(...parameters: readonly SqliteValue[]): SqliteRow[];
  get(...parameters: readonly SqliteValue[]): SqliteRow | undefined;
  run(...parameters: readonly SqliteValue[]): {
    readonly changes: number | bigint;
    readonly lastInsertRowid: number | bigint;
  };
  iterate(...parameters: readonly SqliteValue[]): IterableIterator<SqliteRow>;
  /** The same rows as lists in the order of the columns: quicker for many. A statement is used in one of the two ways. */
  iterateValues(...parameters: readonly SqliteValue[]): IterableIterator<readonly SqliteValue[]>;
}

/** What both drivers have in common. */
export interface SqliteHandle {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

export interface SqliteDriver {
  readonly name: SqliteDriverName;
  open(path: string, readonly: boolean): SqliteHandle;
}

/** What the drivers make: typed by the methods called on it, since neither package's types may be there. */
interface NativeStatement extends Omit<SqliteStatement, "reader" | "iterateValues"> {
  readonly reader?: boolean;
  columns?(): readonly unknown[];
  /** better-sqlite3's and node:sqlite's way of giving rows as lists; older releases of the latter have none. */
  raw?(on: boolean): unknown;
  setReturnArrays?(on: boolean): unknown;
}
interface NativeDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): NativeStatement;
  close(): unknown;
}
type NodeSqlite = { readonly DatabaseSync: new (path: string, options: object) => NativeDatabase };
type BetterSqlite3 = new (path: string, options: object) => NativeDatabase;

/** Earlier releases can corrupt a write-ahead log that two connections checkpoint at once. */
const OLDEST_SQLITE = [3, 51, 3] as const;

/**
 * The driver to use: the named one, else `node:sqlite` where the runtime has a recent one, else `better-sqlite3`.
 * Throws ConfigurationError when there is none, or when its SQLite is older than 3.51.3.
 */
export function loadSqliteDriver(name?: SqliteDriverName): SqliteDriver {
  if (name === "better-sqlite3") return checked(betterSqlite3());
  const builtIn = nodeSqlite();
  if (name === "node") return checked(builtIn ?? missingNodeSqlite());
  return builtIn !== null && isRecent(sqliteVersion(builtIn)) ? builtIn : checked(betterSqlite3());
}

/** Null on runtimes without the module. */
function nodeSqlite(): SqliteDriver | null {
  const loaded = process.getBuiltinModule("node:sqlite") as NodeSqlite | undefined;
  if (loaded === undefined) return null;
  return {
    name: "node",
    open: (path, readonly) => handle(new loaded.DatabaseSync(path, { readOnly: readonly })),
  };
}

function betterSqlite3(): SqliteDriver {
  const Database = requireBetterSqlite3();
  return {
    name: "better-sqlite3",
    open: (path, readonly) => handle(new Database(path, { readonly })),
  };
}

/** Its native part is loaded with the first database, so that one is opened here. */
function requireBetterSqlite3(): BetterSqlite3 {
  try {
    const Database = createRequire(__filename)("better-sqlite3") as BetterSqlite3;
    new Database(":memory:", {}).close();
    return Database;
  } catch (cause) {
    throw new ConfigurationError(
      "sqlite_driver_missing",
      `better-sqlite3 could not be loaded on Node ${process.versions.node}: run \`npm install better-sqlite3\` (or \`npm rebuild better-sqlite3\` after a change of Node).`,
      cause,
    );
  }
}

function missingNodeSqlite(): never {
  throw new ConfigurationError(
    "sqlite_driver_missing",
    `Node ${process.versions.node} has no node:sqlite: leave the driver option out, or use "better-sqlite3".`,
  );
}

function handle(native: NativeDatabase): SqliteHandle {
  let open = true;
  return Object.freeze({
    exec: (sql: string) => void native.exec(sql),
    prepare: (sql: string) => statement(native.prepare(sql)),
    close: () => {
      if (open) native.close();
      open = false;
    },
  });
}

function statement(native: NativeStatement): SqliteStatement {
  return Object.freeze({
    reader: native.reader ?? (native.columns?.().length ?? 0) > 0,
    all: (...parameters: readonly SqliteValue[]) => native.all(...parameters),
    get: (...parameters: readonly SqliteValue[]) => native.get(...parameters),
    run: (...parameters: readonly SqliteValue[]) => native.run(...parameters),
    iterate: (...parameters: readonly SqliteValue[]) => native.iterate(...parameters),
    iterateValues: (...parameters: readonly SqliteValue[]) => iterateValues(native, parameters),
  });
}

function* iterateValues(
  native: NativeStatement,
  parameters: readonly SqliteValue[],
): IterableIterator<readonly SqliteValue[]> {
  native.raw?.(true);
  native.setReturnArrays?.(true);
  for (const row of native.iterate(...parameters) as Iterable<SqliteRow | readonly SqliteValue[]>)
    yield row instanceof Array ? row : Object.values(row);
}

function checked(driver: SqliteDriver): SqliteDriver {
  const version = sqliteVersion(driver);
  if (isRecent(version)) return driver;
  const source = driver.name === "node" ? "a newer Node, or better-sqlite3" : "a newer better-sqlite3";
  throw new ConfigurationError(
    "sqlite_too_old",
    `SQLite ${version} (${driver.name}) is too old: ${OLDEST_SQLITE.join(".")} or later is needed; use ${source}.`,
  );
}

function sqliteVersion(driver: SqliteDriver): string {
  const memory = driver.open(":memory:", false);
  try {
    return String(memory.prepare("select sqlite_version() as version").get()?.["version"]);
  } finally {
    memory.close();
  }
}

function isRecent(version: string): boolean {
  const parts = version.split(".").map(Number);
  const difference = OLDEST_SQLITE.map((oldest, index) => (parts[index] ?? 0) - oldest).find((step) => step !== 0);
  return (difference ?? 0) >= 0;
}

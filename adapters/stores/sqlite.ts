import { ConfigurationError } from "../../lib/denial";
import type { AuditLogOptions } from "../../lib/ports/audit-log";
import type { Store } from "../../lib/ports/store";
import { sqliteAuditLog } from "../audit/sqlite";
import { sqliteTrailSource } from "../audit/sqlite/trail-source";
import { followPath } from "./follow-path";
import { sqlStore } from "./kysely/sql-store";
import { LEDGER_TTL_MS } from "./ledger-entry";
import { sqliteOpenError, type SqliteDriverName } from "./sqlite-driver";
import { connectSqlite } from "./sqlite-seam";

export interface SqliteStoreOptions {
  /** Default: `node:sqlite` where the runtime has a recent one, else `better-sqlite3`. */
  readonly driver?: SqliteDriverName;
  /** How long the owner of a response id is remembered. Default 30 days. */
  readonly ledgerTtlMs?: number;
  /** Whether `open()` makes the tables where there are none. Default true; otherwise it rejects with `no_store`. */
  readonly create?: boolean;
  /** Milliseconds since the Unix epoch; for tests. */
  readonly now?: () => number;
}

const OPTION_NAMES: readonly string[] = ["driver", "ledgerTtlMs", "create", "now"];

/**
 * Everything in one file, made with mode 0600 on the first `open()`. Any number of processes of one machine may share
 * it; what one of them changes shows in the others' `epoch()` at once, as does a file that is put in its place.
 */
export function sqliteStore(path: string, options: SqliteStoreOptions = {}): Store {
  const { driver, ledgerTtlMs, create = true, now } = checkedOptions(path, options);
  const {
    now: _,
    renew,
    ...store
  } = sqlStore({
    name: "sqlite",
    connect: async () => connectSqlite(path, driver),
    explain: (error) => sqliteOpenError(path, error),
    ledgerTtlMs: ledgerTtlMs ?? LEDGER_TTL_MS,
    create,
    now: now ?? Date.now,
  });
  return Object.freeze({
    ...store,
    ...followPath(path, { ...store, renew }),
    auditLog: (log: AuditLogOptions) => sqliteAuditLog(path, driver === undefined ? log : { ...log, driver }),
    trail: () => sqliteTrailSource(path, driver === undefined ? {} : { driver }),
    pepperFile: `${path}.pepper`,
    checkpointKeyFile: `${path}.checkpoint.key`,
    contentKeyFile: `${path}.content.key`,
  });
}

function checkedOptions(path: string, options: SqliteStoreOptions): SqliteStoreOptions {
  if (typeof path !== "string" || path === "") {
    throw new ConfigurationError(
      "option_invalid",
      'sqliteStore() needs the path of a file, as in sqliteStore("gate.db").',
    );
  }
  const unknown = Object.keys(options).find((name) => !OPTION_NAMES.includes(name));
  if (unknown !== undefined) {
    throw new ConfigurationError(
      "option_unknown",
      `sqliteStore() has no option ${JSON.stringify(unknown)}; it has ${OPTION_NAMES.join(", ")}.`,
    );
  }
  return { ...options };
}

import { redisBus } from "../../adapters/buses/redis";
import type { Environment } from "../../adapters/gate-file/environment";
import { isPostgresFailure, postgresOpenError } from "../../adapters/postgres/postgres-error";
import { postgresAddress } from "../../adapters/postgres/postgres-address";
import { postgresStore } from "../../adapters/stores/postgres";
import { sqliteStore } from "../../adapters/stores/sqlite";
import { sqliteOpenError } from "../../adapters/stores/sqlite-driver";
import { sqliteErrorName } from "../../adapters/stores/sqlite-error";
import type { Bus } from "../../lib/ports/bus";
import type { Store } from "../../lib/ports/store";

/** A database is the path of a SQLite file, or the URL of one in PostgreSQL. */
export function isPostgres(database: string): boolean {
  return /^postgres(ql)?:/.test(database);
}

/** The database as people may see it: without credentials. */
export function labelOf(database: string): string {
  return isPostgres(database) ? postgresAddress(database).label : database;
}

/** As `--store` takes it. */
export function storeName(database: string): string {
  return isPostgres(database) ? database : `sqlite:${database}`;
}

/** With `create`, a database that has no store gets one when it is opened. */
export function storeAt(database: string, options: { readonly create: boolean }): Store {
  return isPostgres(database) ? postgresStore(database, options) : sqliteStore(database, options);
}

/** What went wrong with the database itself, as a sentence for the operator; anything else as it was. */
export function explainFailure(database: string, error: unknown): unknown {
  if (isPostgres(database)) return isPostgresFailure(error) ? postgresOpenError(labelOf(database), error) : error;
  return sqliteErrorName(error) === null ? error : sqliteOpenError(database, error);
}

/** Where command lines announce what they change, besides what the store does by itself: `LLM_GATE_BUS`. */
export function busOf(environment: Environment): Bus | null {
  const url = environment["LLM_GATE_BUS"] ?? "";
  return url === "" ? null : redisBus(url);
}

import { statSync } from "node:fs";
import { postgresAddress } from "../../adapters/postgres/postgres-address";
import { CommandError, usageError } from "../command-error";
import type { Terminal } from "../terminal";
import { isPostgres } from "./store-at";
import type { StoreOptions } from "./store-options";

const SQLITE = "sqlite:";

/** The database that `--store` or `LLM_GATE_STORE` names: a path or a URL. Throws a usage error for anything else. */
export function locateStore({ store }: StoreOptions, { environment }: Terminal): string {
  const named = store ?? environment["LLM_GATE_STORE"] ?? "";
  if (named === "") throw usageError("Say which store: --store sqlite:gate.db, or set LLM_GATE_STORE.");
  if (isPostgres(named)) return postgresAddress(named).url;
  const path = named.slice(SQLITE.length);
  if (!named.startsWith(SQLITE) || path === "") {
    throw usageError("A store is written sqlite:PATH or postgres://…, as in --store sqlite:gate.db.");
  }
  return path;
}

/** Whether nothing was ever kept there, as far as that can be told without asking. */
export function isFresh(database: string): boolean {
  if (isPostgres(database)) return false;
  const found = statSync(database, { throwIfNoEntry: false });
  return found === undefined || (found.isFile() && found.size === 0);
}

/** A store that is there already: a misspelt path must not make a new one. */
export function locateExistingStore(options: StoreOptions, terminal: Terminal): string {
  const database = locateStore(options, terminal);
  if (!isFresh(database)) return database;
  const message = `There is no database at ${database}: run \`llm-gate init --store sqlite:${database}\`, or apply a policy to it.`;
  throw new CommandError("no_store", 1, message);
}

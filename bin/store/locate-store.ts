import { statSync } from "node:fs";
import { CommandError, usageError } from "../command-error";
import type { Terminal } from "../terminal";
import type { StoreOptions } from "./store-options";

const SQLITE = "sqlite:";

/** The path of the SQLite file that `--store` or `LLM_GATE_STORE` names. Throws a usage error for anything else. */
export function locateStore({ store }: StoreOptions, { environment }: Terminal): string {
  const named = store ?? environment["LLM_GATE_STORE"] ?? "";
  if (named === "") throw usageError("Say which store: --store sqlite:gate.db, or set LLM_GATE_STORE.");
  if (/^postgres(ql)?:/.test(named)) {
    throw usageError("PostgreSQL stores come with a later version of llm-gate: use --store sqlite:PATH.");
  }
  const path = named.slice(SQLITE.length);
  if (!named.startsWith(SQLITE) || path === "") {
    throw usageError("A store is written sqlite:PATH, as in --store sqlite:gate.db.");
  }
  return path;
}

/** Whether nothing was ever kept there. */
export function isFresh(database: string): boolean {
  const found = statSync(database, { throwIfNoEntry: false });
  return found === undefined || (found.isFile() && found.size === 0);
}

/** The path of a store that is there already: a misspelt path must not make a new one. */
export function locateExistingStore(options: StoreOptions, terminal: Terminal): string {
  const database = locateStore(options, terminal);
  if (!isFresh(database)) return database;
  const message = `There is no database at ${database}: run \`llm-gate init --store sqlite:${database}\`, or apply a policy to it.`;
  throw new CommandError("no_store", 1, message);
}

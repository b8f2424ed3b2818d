import { ConfigurationError } from "../../lib/denial";
import type { AuditLogOptions } from "../../lib/ports/audit-log";
import type { Store } from "../../lib/ports/store";
import { postgresAuditLog } from "../audit/postgres";
import { postgresTrailSource } from "../audit/postgres/trail-source";
import { CHANNEL, postgresNotifyBus } from "../buses/postgres-notify";
import { postgresAddress } from "../postgres/postgres-address";
import { postgresOpenError } from "../postgres/postgres-error";
import { sqlStore } from "./kysely/sql-store";
import { LEDGER_TTL_MS } from "./ledger-entry";
import { connectPostgres } from "./postgres/postgres-seam";

export interface PostgresStoreOptions {
  /** How long the owner of a response id is remembered. Default 30 days. */
  readonly ledgerTtlMs?: number;
  /** Changes are announced by NOTIFY, and gates LISTEN for them. Default true; without it they are seen by polling. */
  readonly notify?: boolean;
  /** Whether `open()` makes the tables where there are none. Default true; otherwise it rejects with `no_store`. */
  readonly create?: boolean;
  /** Milliseconds since the Unix epoch; for tests. */
  readonly now?: () => number;
}

const OPTION_NAMES: readonly string[] = ["ledgerTtlMs", "notify", "create", "now"];

/** How often each gate reads the epoch, whatever the hints say. */
const POLL_MS = 1_000;

/**
 * Everything in one PostgreSQL database, 15 or later, shared by any number of gates. `url` is what `psql` takes:
 * `postgres://user:password@host/name`. The tables are made by the first `open()`.
 */
export function postgresStore(url: string, options: PostgresStoreOptions = {}): Store {
  const address = postgresAddress(url);
  const { ledgerTtlMs, notify = true, create = true, now } = checkedOptions(options);
  const { renew: _, ...store } = sqlStore({
    name: "postgres",
    connect: () => connectPostgres(address, notify ? CHANNEL : null),
    explain: (error) => postgresOpenError(address.label, error),
    ledgerTtlMs: ledgerTtlMs ?? LEDGER_TTL_MS,
    create,
    now: now ?? Date.now,
  });
  return Object.freeze({
    ...store,
    pollMs: POLL_MS,
    ...(notify && { bus: postgresNotifyBus(url) }),
    auditLog: (log: AuditLogOptions) => postgresAuditLog(url, log),
    trail: () => postgresTrailSource(url),
  });
}

function checkedOptions(options: PostgresStoreOptions): PostgresStoreOptions {
  const unknown = Object.keys(options).find((name) => !OPTION_NAMES.includes(name));
  if (unknown === undefined) return { ...options };
  throw new ConfigurationError(
    "option_unknown",
    `postgresStore() has no option ${JSON.stringify(unknown)}; it has ${OPTION_NAMES.join(", ")}.`,
  );
}

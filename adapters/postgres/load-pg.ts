import { createRequire } from "node:module";
import type { Socket } from "node:net";
import { ConfigurationError } from "../../lib/denial";

/** Rows as node-postgres gives them: 64-bit integers as text, `bytea` as Buffers. */
export interface PgResult {
  readonly command: string;
  /** Null for statements that touch no rows. */
  readonly rowCount: number | null;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

export interface PgNotification {
  readonly channel: string;
  readonly payload?: string;
}

/** One connection: typed by the methods called on it, since the package may not be there. */
export interface PgClient {
  connect(): Promise<unknown>;
  query(text: string, values?: readonly unknown[]): Promise<PgResult>;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "notification", listener: (notification: PgNotification) => void): unknown;
  on(event: "end", listener: () => void): unknown;
  end(): Promise<void>;
}

export interface PgPoolClient {
  on(event: "error", listener: (error: Error) => void): unknown;
  query(text: string, values?: readonly unknown[]): Promise<PgResult>;
  /** True closes the connection instead of keeping it. */
  release(destroy: boolean): void;
}

export interface PgPool {
  connect(): Promise<PgPoolClient>;
  on(event: "error", listener: (error: Error) => void): unknown;
  /** A new connection, before anybody uses it. */
  on(event: "connect", listener: (client: PgPoolClient) => void): unknown;
  end(): Promise<void>;
}

/** What of node-postgres's settings is used. Times in milliseconds. */
export interface PgSettings {
  readonly connectionString: string;
  readonly application_name: string;
  readonly connectionTimeoutMillis: number;
  /** The server gives a statement up. */
  readonly statement_timeout: number;
  /** We give it up: for a server that does not even do that. */
  readonly query_timeout: number;
  readonly idle_in_transaction_session_timeout?: number;
  readonly keepAlive: boolean;
  /** Makes the socket of each connection. */
  readonly stream?: () => Socket;
  /** Of a pool. */
  readonly max?: number;
  readonly idleTimeoutMillis?: number;
  readonly allowExitOnIdle?: boolean;
}

export interface Pg {
  readonly Client: new (settings: PgSettings) => PgClient;
  readonly Pool: new (settings: PgSettings) => PgPool;
}

/** node-postgres is an optional peer: whoever names a PostgreSQL store installs it. Throws ConfigurationError. */
export function loadPg(): Pg {
  try {
    return createRequire(__filename)("pg") as Pg;
  } catch (cause) {
    throw new ConfigurationError(
      "postgres_driver_missing",
      "PostgreSQL needs the package pg, which could not be loaded: run `npm install pg`.",
      cause,
    );
  }
}

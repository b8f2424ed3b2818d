import { ConfigurationError } from "../../lib/denial";
import type { PgSettings } from "./load-pg";

/** Where a database is, as configuration gives it, and as people may see it. */
export interface PostgresAddress {
  readonly url: string;
  /** Host and name, without credentials. */
  readonly label: string;
}

const CONNECT_MS = 2_000;
/** The server gives up before we do, so that its word counts where there is one. */
const GRACE_MS = 200;

/**
 * Throws ConfigurationError, which never quotes what was given: it may hold a password. An @ after the host is the end of
 * a password whose first part was taken for something else.
 */
export function postgresAddress(url: unknown): PostgresAddress {
  if (typeof url === "string" && URL.canParse(url)) {
    const { protocol, host, pathname, search, hash } = new URL(url);
    const plain = !`${pathname}${search}${hash}`.includes("@");
    if (plain && /^postgres(ql)?:$/.test(protocol) && url.includes("://"))
      return Object.freeze({ url, label: `postgres://${host}${pathname}` });
  }
  throw new ConfigurationError(
    "option_invalid",
    'A PostgreSQL database is written as a URL, such as "postgres://gate@db.internal:5432/gate"; a password stands after the user and a colon, with characters such as @ or / percent-encoded.',
  );
}

/** Settings under which every wait ends: `limitMs` for one statement. */
export function boundedSettings({ url }: PostgresAddress, limitMs: number): PgSettings {
  return {
    connectionString: url,
    application_name: "llm-gate",
    connectionTimeoutMillis: Math.min(CONNECT_MS, limitMs),
    statement_timeout: limitMs - GRACE_MS,
    query_timeout: limitMs,
    keepAlive: true,
  };
}

import { ConfigurationError } from "../../lib/denial";

/** The SQLSTATE or system code of an error (`28P01`, `ECONNREFUSED`); null when it has none. */
export function postgresErrorCode(error: unknown): string | null {
  const { code } = (typeof error === "object" && error !== null ? error : {}) as { readonly code?: unknown };
  return typeof code === "string" ? code : null;
}

/**
 * Whether the server itself refused the statement, and keeps the connection: then nothing of it was done. Everything
 * else (a lost connection, a time-out of ours, a server that goes down) leaves that open.
 */
export function isRefusal(error: unknown): boolean {
  const { severity } = (typeof error === "object" && error !== null ? error : {}) as { readonly severity?: unknown };
  return severity === "ERROR" && !/^(57P|08)/.test(postgresErrorCode(error) ?? "");
}

const SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "cannot be reached: nothing listens there",
  ENOTFOUND: "cannot be reached: there is no such host",
  EAI_AGAIN: "cannot be reached: its host's name could not be looked up",
  ETIMEDOUT: "cannot be reached: no answer came in time",
  ECONNRESET: "cannot be reached: the connection was cut",
  "28P01": "refused the user or the password",
  "28000":
    "refused the user, the address, or the way of connecting (pg_hba.conf): it may ask for TLS, ?sslmode=verify-full",
  "3D000": "does not exist: create it first",
  "42P07":
    "holds a table of the same name already: give the gate a database of its own, or a schema (?options=-csearch_path%3Dgate)",
  "3F000": "has no schema that tables could be made in: make the one of search_path first",
  "23505": "was given the same rows by somebody else just now: wait until the other command has ended, and try again",
  "53300": "has too many connections",
  "57014": "did not get to it in time: another command may be writing much, such as a large policy; try again",
  "57P03": "is starting up or shutting down",
  "55P03": "was locked by another process for too long",
};

/** What kept a database from being used, as one sentence; a ConfigurationError passes as it is. */
export function postgresOpenError(label: string, cause: unknown): ConfigurationError {
  if (cause instanceof ConfigurationError) return cause;
  const code = postgresErrorCode(cause) ?? "";
  const sentence = SENTENCES[code] ?? unnamed(code, cause);
  return new ConfigurationError("store_unreadable", `The database ${label} ${sentence}.`, cause);
}

/** What the server says of rights, and the driver of certificates, names no data. */
function unnamed(code: string, cause: unknown): string {
  const said = cause instanceof Error ? cause.message : "no answer";
  if (code === "42501") return `refused this user (${said}): let it own the gate's tables, or a schema for them`;
  if (isAboutTls(code, said))
    return `cannot be reached over TLS as the URL asks for it (${said}): see sslmode and sslrootcert`;
  return `cannot be opened (${code === "" ? "no answer" : code})`;
}

/** Names of OpenSSL's verdicts on certificates, and the driver's word on a server without TLS. */
function isAboutTls(code: string, said: string): boolean {
  return /CERT|SIGNATURE|^ERR_(TLS|SSL)|^EPROTO$/.test(code) || said.includes("SSL");
}

/** Whether an error comes from the database or the way to it, and not from what somebody asked for. */
export function isPostgresFailure(error: unknown): boolean {
  const { severity, syscall } = (typeof error === "object" && error !== null ? error : {}) as {
    readonly severity?: unknown;
    readonly syscall?: unknown;
  };
  if (typeof severity === "string" || typeof syscall === "string") return true;
  return error instanceof Error && isAboutTls(postgresErrorCode(error) ?? "", error.message);
}

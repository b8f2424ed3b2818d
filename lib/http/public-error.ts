import { Denial, DENIALS, type DenialCode, type ErrorKind } from "../denial";

/** All that a client may learn of a failure; each protocol lays it out in its own envelope. */
export interface PublicError {
  readonly status: number;
  readonly kind: ErrorKind;
  readonly code: DenialCode;
  readonly message: string;
  /** The offending field, as it may be shown; null when none was named. */
  readonly field: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

const FIELD_LIMIT = 200;
const PERMANENT = new Set([400, 401, 403, 404, 405, 413, 415]);
const TEMPORARY = new Set([429, 503]);
const DEFAULT_RETRY_AFTER_SECONDS = "1";

/** The one place where anything thrown becomes something to send: a Denial as it says, all else as `internal_error`. */
export function publicError(thrown: unknown): PublicError {
  const denial =
    thrown instanceof Denial ? thrown : new Denial("internal_error", { reason: "internal", cause: thrown });
  const { status } = denial;
  const field = denial.field === undefined || denial.field === "" ? null : showable(denial.field);
  return Object.freeze({
    status,
    kind: DENIALS[denial.code].kind,
    code: denial.code,
    message: field === null ? denial.publicMessage : `${denial.publicMessage.replace(/\.$/, "")}: ${field}`,
    field,
    headers: Object.freeze({ ...retryAdvice(status), ...denial.headers }),
  });
}

/** Official SDKs and coding agents honour both fields (contract: credentials). */
function retryAdvice(status: number): Record<string, string> {
  if (PERMANENT.has(status)) return { "x-should-retry": "false" };
  if (TEMPORARY.has(status)) return { "Retry-After": DEFAULT_RETRY_AFTER_SECONDS };
  return {};
}

/** Printable ASCII, escaped like JSON, at most 200 characters: a model name is the client's own text. */
function showable(text: string): string {
  const cut = text.slice(0, FIELD_LIMIT);
  const escaped = cut.replace(
    /[^\x20-\x7e]|[<>&"\\]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return escaped.slice(0, FIELD_LIMIT);
}

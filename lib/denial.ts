import type { KeptText } from "./audit/content/kept-texts";
import type { DlpReport } from "./audit/record";
import type { DenialOptions } from "./denial-options";

/** What class of error a client sees; each protocol has its own word for each (contract: error envelopes). */
export type ErrorKind =
  | "invalid_request"
  | "authentication"
  | "permission"
  | "not_found"
  | "rate_limit"
  | "server"
  | "overloaded"
  | "upstream_empty";

interface DenialForm {
  readonly status: number;
  readonly kind: ErrorKind;
  /** The fixed public sentence; the offending field or model may follow it. */
  readonly message: string;
}

/** Every refusal the gate can give: its status, its class and the sentence the client reads. */
export const DENIALS = {
  invalid_body: { status: 400, kind: "invalid_request", message: "The request body is not valid." },
  invalid_request: { status: 400, kind: "invalid_request", message: "The request is not valid HTTP." },
  model_not_found: { status: 400, kind: "invalid_request", message: "The model does not exist." },
  unsupported_parameter: { status: 400, kind: "invalid_request", message: "This parameter is not supported." },
  dlp_blocked: {
    status: 400,
    kind: "invalid_request",
    message: "The request was blocked by a data loss prevention rule.",
  },
  unauthorized: { status: 401, kind: "authentication", message: "Unauthorized" },
  model_access_denied: { status: 403, kind: "permission", message: "You do not have access to this model." },
  api_key_access_disabled: { status: 403, kind: "permission", message: "API key access is disabled for this user." },
  ask_mode_only: {
    status: 403,
    kind: "permission",
    message: "This user may only ask questions; tools are not allowed.",
  },
  unknown_endpoint: { status: 404, kind: "not_found", message: "Unknown endpoint." },
  not_found: { status: 404, kind: "not_found", message: "Not found." },
  method_not_allowed: { status: 405, kind: "invalid_request", message: "Method not allowed." },
  request_timeout: { status: 408, kind: "invalid_request", message: "The request was not received in time." },
  body_too_large: { status: 413, kind: "invalid_request", message: "Request body too large." },
  unsupported_media_type: {
    status: 415,
    kind: "invalid_request",
    message: "The request body must be application/json.",
  },
  upgrade_required: { status: 426, kind: "invalid_request", message: "WebSocket is not supported here; use HTTP." },
  rate_limited: { status: 429, kind: "rate_limit", message: "Too many requests." },
  headers_too_large: { status: 431, kind: "invalid_request", message: "The request header fields are too large." },
  internal_error: { status: 500, kind: "server", message: "Internal error." },
  upstream_empty_body: { status: 502, kind: "upstream_empty", message: "The model provider sent an empty answer." },
  upstream_unavailable: { status: 502, kind: "server", message: "The model provider is unavailable." },
  upstream_timeout: { status: 504, kind: "server", message: "The model provider did not answer in time." },
  store_unavailable: { status: 503, kind: "server", message: "The key store is unavailable." },
  audit_unavailable: { status: 503, kind: "server", message: "The audit trail is unavailable." },
  dlp_unavailable: { status: 503, kind: "server", message: "Data loss prevention is unavailable." },
  draining: { status: 503, kind: "overloaded", message: "The server is shutting down." },
} as const satisfies Record<string, DenialForm>;

export type DenialCode = keyof typeof DENIALS;

/** Why a call was refused, as the audit record says it. Clients never see it. */
export const REFUSAL_REASONS = [
  "missing",
  "malformed",
  "duplicate_credential",
  "bad_checksum",
  "unknown_key",
  "revoked",
  "expired",
  "noncanonical_path",
  "unlisted_endpoint",
  "method",
  "upgrade",
  "suspended",
  "no_groups",
  "key_access_disabled",
  "admission",
  "media_type",
  "content_encoding",
  "body_too_large",
  "body_incomplete",
  "timeout",
  "invalid_utf8",
  "invalid_json",
  "duplicate_key",
  "too_deep",
  "invalid_schema",
  "unsupported_parameter",
  "unsupported_protocol",
  "model_unknown",
  "model_disabled",
  "model_denied",
  "provider_denied",
  "not_owner",
  "ask_mode",
  "dlp",
  "uninspectable",
  "dlp_unavailable",
  "store_unavailable",
  "audit_unavailable",
  "draining",
  "parser",
  "unguarded",
  "configuration",
  "host_error",
  "internal",
  "upstream_unavailable",
  "upstream_timeout",
  "upstream_empty_body",
  "upstream_malformed",
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** A refusal on its way to the one function that answers it. */
export class Denial extends Error {
  override readonly name = "Denial";
  readonly code: DenialCode;
  readonly status: number;
  readonly reason: RefusalReason;
  readonly field: string | undefined;
  readonly publicMessage: string;
  readonly rule: string | null;
  readonly detail: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly dlp: DlpReport | null;
  readonly texts: readonly KeptText[];

  constructor(code: DenialCode, options: DenialOptions) {
    super(`${code}: ${options.reason}`, { cause: options.cause });
    this.code = code;
    this.status = options.status ?? DENIALS[code].status;
    this.reason = options.reason;
    this.field = options.field;
    this.publicMessage = options.message ?? DENIALS[code].message;
    this.rule = options.rule ?? null;
    this.detail = options.detail;
    this.headers = Object.freeze({ ...options.headers });
    this.dlp = options.dlp ?? null;
    this.texts = options.texts ?? [];
  }
}

/** An operator's mistake, found at start-up: what was received, what is legal, what to write instead. */
export class ConfigurationError extends TypeError {
  override readonly name = "ConfigurationError";
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

import type { RefusalReason } from "../denial";
import type { SignedCheckpoint } from "./checkpoint";
import type { SealedContent } from "./content/sealed-content";

export const RECORD_KINDS = [
  "intent",
  "completion",
  "refusal",
  "interrupted",
  "admin",
  "checkpoint",
  "summary",
] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** How a call that had an intent ended. */
export const OUTCOMES = [
  "ok",
  "client_aborted",
  "upstream_error",
  "host_error",
  "withheld",
  "blocked_midstream",
  "revoked_midstream",
  "interrupted",
  "refused",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const DLP_OUTCOMES = ["off", "clean", "redacted", "tokenized", "blocked", "reported", "notScanned"] as const;
export type DlpOutcome = (typeof DLP_OUTCOMES)[number];

/** What DLP did in one direction. Counts only: no text, no position of a secret. */
export interface DlpReport {
  readonly outcome: DlpOutcome;
  /** Entity → number of findings. */
  readonly findings: Readonly<Record<string, number>>;
  /** UTF-16 characters of text that were scanned, and that went on. */
  readonly scanned: number;
  readonly delivered: number;
  /** Kinds of parts that could not be read: `image`, `document`, `encrypted_reasoning`, `encoded_text`. */
  readonly notScanned: readonly string[];
  /** Findings in places that may be scanned and not rewritten. */
  readonly notRewritten: number;
  /** Of a stream that a rule stopped: characters of text that had gone out before. */
  readonly releasedBeforeBlock?: number;
}

/** One record as the writer of it knows it; the log adds `node`, `boot` and `seq`. Absent facts are null, never missing. */
export interface AuditEvent {
  readonly kind: RecordKind;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  readonly requestId: string | null;
  /** The caller's own `x-request-id`, at most 200 characters. */
  readonly clientRequestId: string | null;
  /** The coding agent's session, from `x-claude-code-session-id`, `session-id`, `session_id` or `x-session-id`, at most 200 characters. */
  readonly clientSessionId: string | null;
  readonly upstreamRequestId: string | null;
  readonly protocol: string | null;
  /** `messages.create`, `models.list`, `key.revoke`. */
  readonly operation: string | null;
  readonly method: string | null;
  /** Canonical path, no query. */
  readonly path: string | null;
  readonly organization: string | null;
  readonly user: string | null;
  readonly keyId: string | null;
  /** The header form that was judged. */
  readonly credential: "bearer" | "x-api-key" | null;
  readonly bothHeaders: boolean;
  readonly model: string | null;
  readonly upstream: string | null;
  readonly decision: "allow" | "deny" | null;
  readonly reason: RefusalReason | null;
  /** Which of several rules decided: the entity or custom rule of DLP that blocked, or `ask_mode` for a withheld tool call. */
  readonly rule: string | null;
  /** `ask_mode:tools[0]`: where the reason lies; operator text, never a credential or prompt text. */
  readonly detail: string | null;
  /** What the client saw; 200 when a stream fails later. */
  readonly status: number | null;
  /** What the upstream answered with; null when it was not asked, or gave no answer. */
  readonly upstreamStatus: number | null;
  readonly outcome: Outcome | null;
  /** Epoch of the snapshot that decided. */
  readonly epoch: number | null;
  readonly staleAuth: boolean;
  readonly source: string | null;
  readonly userAgent: string | null;
  readonly stream: boolean | null;
  readonly bytesIn: number | null;
  readonly bytesOut: number | null;
  /** SHA-256 (hex) of the body as judged and as forwarded. */
  readonly digestIn: string | null;
  readonly digestOut: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** Whole milliseconds from the request's arrival. */
  readonly durationMs: number | null;
  readonly dlp: { readonly request: DlpReport | null; readonly response: DlpReport | null } | null;
  /** Text of the call, encrypted: of an intent or refusal what was asked, of a completion what was answered. Null unless it is kept. */
  readonly content: SealedContent | null;
  /** Of a summary: how many calls it stands for. */
  readonly count: number | null;
  /** Of an administrative change: what was changed, before and after. */
  readonly change: { readonly subject: string; readonly before: unknown; readonly after: unknown } | null;
  /** Of a checkpoint: where all chains stood, signed. */
  readonly checkpoint: SignedCheckpoint | null;
}

/** Layout of a record, raised when a field comes, goes, or changes its meaning. */
export const RECORD_VERSION = 1;

export interface AuditRecord extends AuditEvent {
  readonly v: typeof RECORD_VERSION;
  readonly node: string;
  /** Which start of the node wrote it. */
  readonly boot: string;
  /** Position in the node's chain, from 1; goes on over boots. */
  readonly seq: number;
}

type Facts = Partial<Omit<AuditEvent, "kind" | "at">>;

/**
 * An event with the given facts; all others are null. `at` is in milliseconds since the Unix epoch.
 * A literal gives all events one shape: copying their members by name, or one spread after another, takes twenty times as long.
 */
export function auditEvent(kind: RecordKind, at: number, f: Facts): AuditEvent {
  // prettier-ignore
  return Object.freeze({
    kind, at: timeText(at),
    requestId: f.requestId ?? null, clientRequestId: f.clientRequestId ?? null,
    clientSessionId: f.clientSessionId ?? null, upstreamRequestId: f.upstreamRequestId ?? null,
    protocol: f.protocol ?? null, operation: f.operation ?? null, method: f.method ?? null, path: f.path ?? null,
    organization: f.organization ?? null, user: f.user ?? null, keyId: f.keyId ?? null,
    credential: f.credential ?? null, bothHeaders: f.bothHeaders ?? false, model: f.model ?? null,
    upstream: f.upstream ?? null, decision: f.decision ?? null, reason: f.reason ?? null, rule: f.rule ?? null,
    detail: f.detail ?? null, status: f.status ?? null, upstreamStatus: f.upstreamStatus ?? null,
    outcome: f.outcome ?? null, epoch: f.epoch ?? null, staleAuth: f.staleAuth ?? false, source: f.source ?? null,
    userAgent: f.userAgent ?? null, stream: f.stream ?? null, bytesIn: f.bytesIn ?? null,
    bytesOut: f.bytesOut ?? null, digestIn: f.digestIn ?? null, digestOut: f.digestOut ?? null,
    inputTokens: f.inputTokens ?? null, outputTokens: f.outputTokens ?? null, durationMs: rounded(f.durationMs),
    dlp: f.dlp ?? null, content: f.content ?? null, count: f.count ?? null, change: f.change ?? null,
    checkpoint: f.checkpoint ?? null,
  });
}

function rounded(ms: number | null | undefined): number | null {
  return typeof ms === "number" ? Math.round(ms) : null;
}

/** Of one busy millisecond there are many events. */
let latest = { at: 0, text: new Date(0).toISOString() };

function timeText(at: number): string {
  if (latest.at !== at) latest = { at, text: new Date(at).toISOString() };
  return latest.text;
}

/** Every member that an event has; whatever else an object carries never reaches a record. */
export const EVENT_MEMBERS = Object.freeze(Object.keys(auditEvent("admin", 0, {})) as (keyof AuditEvent)[]);

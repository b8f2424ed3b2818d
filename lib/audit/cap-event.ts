import { createHash } from "node:crypto";
import type { JsonValue } from "../json";
import type { AuditEvent } from "./record";

/** UTF-16 code units that a string keeps; what is longer is cut and says so. */
export const TEXT_LIMIT = 1_024;
/** Of a path, and of what a client calls itself. */
const SHORT = 512;
/** Sealed content has a limit of its own, kept where it is sealed: cut, it would not open any more. */
const SEALED = 4_194_304;
const NAME_LIMIT = 200;
const DEPTH_LIMIT = 16;
const VALUE_LIMIT = 5_000;
const OMITTED = "[omitted]";

/**
 * An event as it can always be written: its own members only, plain JSON, every string within its limit. Whatever has
 * no JSON form (functions, byte arrays, not-a-number) becomes null or `[omitted]`, and so does what lies deeper than 16
 * levels or beyond the 5,000th value of a member. Deeply frozen; shares nothing with the caller's object.
 */
export function capEvent(e: AuditEvent): AuditEvent {
  // prettier-ignore
  return Object.freeze({
    kind: kept(e.kind), at: kept(e.at), requestId: kept(e.requestId), clientRequestId: kept(e.clientRequestId),
    clientSessionId: kept(e.clientSessionId), upstreamRequestId: kept(e.upstreamRequestId),
    protocol: kept(e.protocol), operation: kept(e.operation), method: kept(e.method), path: kept(e.path, SHORT),
    organization: kept(e.organization), user: kept(e.user), keyId: kept(e.keyId), credential: kept(e.credential),
    bothHeaders: kept(e.bothHeaders), model: kept(e.model), upstream: kept(e.upstream), decision: kept(e.decision),
    reason: kept(e.reason), rule: kept(e.rule), detail: kept(e.detail), status: kept(e.status),
    upstreamStatus: kept(e.upstreamStatus), outcome: kept(e.outcome), epoch: kept(e.epoch),
    staleAuth: kept(e.staleAuth), source: kept(e.source), userAgent: kept(e.userAgent, SHORT),
    stream: kept(e.stream), bytesIn: kept(e.bytesIn), bytesOut: kept(e.bytesOut), digestIn: kept(e.digestIn),
    digestOut: kept(e.digestOut), inputTokens: kept(e.inputTokens), outputTokens: kept(e.outputTokens),
    durationMs: kept(e.durationMs), dlp: kept(e.dlp), content: kept(e.content, SEALED), count: kept(e.count),
    change: kept(e.change), checkpoint: kept(e.checkpoint),
  });
}

function kept<T>(value: T, limit = TEXT_LIMIT): T {
  if (value === null) return value;
  const capped = typeof value === "string" ? cappedText(value, limit) : plain(value, { limit, left: VALUE_LIMIT }, 0);
  return capped as T;
}

interface Budget {
  readonly limit: number;
  left: number;
}

function plain(value: unknown, budget: Budget, depth: number): JsonValue {
  if (typeof value === "string") return cappedText(value, budget.limit);
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "boolean") return value;
  if (typeof value === "bigint") return cappedText(value.toString(), budget.limit);
  if (typeof value !== "object" || value === null) return null;
  return ArrayBuffer.isView(value) || depth === DEPTH_LIMIT ? OMITTED : plainContainer(value, budget, depth + 1);
}

function plainContainer(value: object, budget: Budget, depth: number): JsonValue {
  const within = (inner: unknown): JsonValue => (budget.left-- > 0 ? plain(inner, budget, depth) : OMITTED);
  if (Array.isArray(value)) return Object.freeze(value.slice(0, VALUE_LIMIT + 1).map(within));
  const members = Object.entries(value).slice(0, VALUE_LIMIT + 1);
  return Object.freeze(
    Object.fromEntries(members.map(([name, inner]) => [cappedText(name, NAME_LIMIT), within(inner)])),
  );
}

/** `_`, then 49 base62 characters: the part of a key after its prefix. The first ten are the public key id. */
const KEY_SHAPE = /_([0-9A-Za-z]{10})[0-9A-Za-z]{39}(?![0-9A-Za-z])/g;
const KEY_LENGTH = 50;
/** As long as what it replaces, so that nothing behind it moves. */
const HIDDEN = "*".repeat(39);

/**
 * At most `limit` characters, or the first `limit` with a mark that carries the length and the SHA-256 digest (of the
 * UTF-8 form) of the whole: a marked string is longer than the limit, so that no short string can pass for a cut one.
 * A key that somebody pasted where text goes loses its secret.
 */
export function cappedText(text: string, limit: number): string {
  if (text.length < KEY_LENGTH && text.length <= limit) return text;
  const head = hiddenKeys(text.slice(0, limit + KEY_LENGTH));
  if (text.length <= limit) return head;
  const digest = createHash("sha256").update(text).digest("hex");
  return `${head.slice(0, limit)}…[cut: ${text.length} characters, sha256 ${digest}]`;
}

/** The text with the secret of every key in it starred out; nothing moves. */
export function hiddenKeys(text: string): string {
  return text.replace(KEY_SHAPE, `_$1${HIDDEN}`);
}

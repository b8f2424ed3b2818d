import { createHash } from "node:crypto";
import type { KeptText } from "../../audit/content/kept-texts";
import type { AuditEvent, DlpReport, Outcome } from "../../audit/record";
import type { AuthenticatedCall, Call, ClearedCall } from "../../call";
import type { Denial, RefusalReason } from "../../denial";
import type { Usage } from "../../ports/protocol";

export type Facts = Partial<Omit<AuditEvent, "kind" | "at">>;

/** A call of any stage: what later stages add may be there or not. */
export type AnyCall = Call & Partial<Omit<ClearedCall, keyof Call>>;

/** How a call ended. */
export interface CompletionFacts {
  /** What the client saw; null when it saw nothing. */
  readonly status: number | null;
  readonly outcome: Outcome;
  readonly reason?: RefusalReason | null;
  readonly rule?: string | null;
  readonly detail?: string | null;
  readonly usage?: Usage | null;
  readonly bytesOut?: number | null;
  /** Only where it is not the digest of what the intent said would go upstream. */
  readonly digestOut?: string;
  readonly upstreamRequestId?: string | null;
  readonly upstreamStatus?: number | null;
  readonly dlpResponse?: DlpReport | null;
  /** The text that was delivered; only where text is kept. */
  readonly texts?: readonly KeptText[];
  /** Nothing of the answer has left yet: if this cannot be recorded in time the client gets 503, and the late record says so. */
  readonly held?: boolean;
}

/** What a record says of a call, whatever comes of it. Never a header's value but the agent's name; the path without its query. */
export function callFacts(call: AnyCall): Facts {
  const { requestId, clientRequestId, clientSessionId, method, source, userAgent } = call;
  return {
    ...{ requestId, clientRequestId, clientSessionId, method, source, userAgent },
    protocol: call.protocol.name,
    operation: "operation" in call.route ? call.route.operation.id : null,
    path: call.path.replace(/[?#].*$/s, ""),
    ...(call.principal && identityFacts(call, call.principal)),
    ...requestFacts(call),
  };
}

function identityFacts(call: AnyCall, { organization, user, keyId, epoch }: AuthenticatedCall["principal"]): Facts {
  return {
    organization: organization.name,
    user: user.email,
    keyId,
    epoch,
    credential: call.credential ?? null,
    bothHeaders: call.bothHeaders ?? false,
    staleAuth: call.staleAuth ?? false,
  };
}

function requestFacts({ body, bytes, prompt, model, upstream, dlp }: AnyCall): Facts {
  const digestIn = body ? sha256(body.bytes) : null;
  return {
    model: prompt?.model ?? model?.id ?? null,
    stream: prompt?.stream ?? null,
    upstream: upstream ?? null,
    bytesIn: body?.bytes.length ?? null,
    digestIn,
    digestOut: bytes === undefined || bytes.length === 0 ? null : bytes === body?.bytes ? digestIn : sha256(bytes),
    dlp: dlp ? { request: dlp, response: null } : null,
  };
}

/** What a refusal's record says of its cause. */
export function denialFacts(denial: Denial): Facts {
  const { status, reason, rule, detail, dlp } = denial;
  return {
    decision: "deny",
    status,
    reason,
    rule,
    ...(detail !== undefined && { detail }),
    ...(dlp && { dlp: { request: dlp, response: null } }),
    ...(NAMES_A_MODEL.has(denial.code) && { model: denial.field ?? null }),
  };
}

/** Their `field` is the model that was asked for. */
const NAMES_A_MODEL: ReadonlySet<string> = new Set(["model_not_found", "model_access_denied"]);

export function completionFacts(begun: Facts, facts: CompletionFacts, durationMs: number): Facts {
  const { status, outcome, usage, dlpResponse = null } = facts;
  const request = begun.dlp?.request ?? null;
  return {
    ...begun,
    ...{ status, outcome, durationMs },
    reason: facts.reason ?? null,
    rule: facts.rule ?? null,
    detail: facts.detail ?? null,
    inputTokens: usage?.inputTokens ?? null,
    outputTokens: usage?.outputTokens ?? null,
    bytesOut: facts.bytesOut ?? null,
    upstreamRequestId: facts.upstreamRequestId ?? null,
    upstreamStatus: facts.upstreamStatus ?? null,
    dlp: request === null && dlpResponse === null ? null : { request, response: dlpResponse },
    ...(facts.digestOut !== undefined && { digestOut: facts.digestOut }),
  };
}

/** The end of a call that its client saw refused because the trail was down. */
export const UNRECORDED: Facts = Object.freeze({
  status: 503,
  outcome: "refused",
  reason: "audit_unavailable",
  bytesOut: 0,
  content: null,
});

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

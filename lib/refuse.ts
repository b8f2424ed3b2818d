import type { Core } from "./core";
import { ConfigurationError, Denial } from "./denial";
import type { Exchange } from "./exchange";
import { publicError } from "./http/public-error";
import { errorAnswer, respondError } from "./http/respond";
import { ClientGone } from "./http/write-answer";
import { callFacts, denialFacts, type CompletionFacts, type Facts } from "./stages/record/call-facts";

/**
 * The end of every call that something stopped before its answer began: one record, then the error in the dialect.
 * If the record cannot be written the client gets 503 in its place.
 */
export async function refuse(core: Core, exchange: Exchange, thrown: unknown): Promise<void> {
  const cause: unknown = exchange.abort.signal.aborted ? exchange.abort.signal.reason : thrown;
  exchange.tap?.fail(cause);
  exchange.tap?.dropHeaders();
  const denial = asDenial(core, exchange, cause);
  const answered = exchange.ended ? denial : await recordedOrUnavailable(core, exchange, cause, denial);
  if (cause instanceof ClientGone) return;
  const { protocol } = exchange.state.call;
  respondError(
    exchange.req,
    exchange.res,
    exchange.writer,
    errorAnswer(publicError(answered), protocol, core.errorForm),
  );
}

/** That the trail did not take a call is counted: to ask it again would only keep the client waiting once more. */
function recordedOrUnavailable(core: Core, exchange: Exchange, cause: unknown, denial: Denial): Promise<Denial> {
  exchange.ended = true;
  if (denial.code === "audit_unavailable" && exchange.state.at !== "recorded") return Promise.resolve(denial);
  return recordEnd(core, exchange, cause, denial).then(
    () => denial,
    (unrecorded: unknown) => asDenial(core, exchange, unrecorded),
  );
}

/** What was thrown without a meaning is logged under the request's id; its text goes nowhere else. */
function asDenial(core: Core, exchange: Exchange, thrown: unknown): Denial {
  if (thrown instanceof Denial) return thrown;
  if (thrown instanceof ClientGone) return new Denial("request_timeout", { reason: "body_incomplete" });
  const { requestId } = exchange.state.call;
  core.logger.error("a call failed", { requestId, error: thrown instanceof Error ? thrown.stack : typeof thrown });
  return new Denial("internal_error", {
    reason: thrown instanceof ConfigurationError ? "configuration" : "internal",
    cause: thrown,
  });
}

function recordEnd(core: Core, exchange: Exchange, cause: unknown, denial: Denial): Promise<void> {
  const { state } = exchange;
  if (state.at === "recorded") return core.recorder.completion(state.call, endingOf(cause, denial, exchange));
  const unseen = cause instanceof ClientGone && { status: null };
  return core.recorder.refusal({ ...refusalFacts(core, exchange, denial), ...unseen }, denial.texts);
}

function refusalFacts(core: Core, { state, verdict }: Exchange, denial: Denial): Facts {
  return {
    ...callFacts(state.call),
    ...(verdict && {
      keyId: verdict.ok ? verdict.snapshot.key.id : verdict.keyId,
      credential: verdict.form,
      bothHeaders: verdict.bothHeaders,
    }),
    ...denialFacts(denial),
    durationMs: core.clock.monotonic() - state.call.startedAt,
  };
}

/** Between the single middlewares the host may refuse by itself, with its own rate limiter say: that is an end like any other. */
export function recordHostsAnswer(core: Core, exchange: Exchange): void {
  if (exchange.ended || !exchange.withHost) return;
  exchange.ended = true;
  const denial = new Denial("rate_limited", { reason: "admission", status: exchange.res.statusCode });
  core.recorder.refusal(refusalFacts(core, exchange, denial)).catch(() => {
    const { requestId } = exchange.state.call;
    core.logger.error("an answer of the host's own is not on record", { requestId });
  });
}

function endingOf(cause: unknown, denial: Denial, exchange: Exchange): CompletionFacts {
  if (cause instanceof ClientGone)
    return { status: null, outcome: "client_aborted", bytesOut: exchange.writer.written };
  const { status, reason, rule } = denial;
  return {
    status,
    reason,
    rule,
    detail: denial.detail ?? null,
    outcome: outcomeOf(denial),
    dlpResponse: denial.dlp,
    held: true,
  };
}

function outcomeOf({ reason }: Denial): CompletionFacts["outcome"] {
  if (reason.startsWith("upstream_")) return "upstream_error";
  return reason === "host_error" || reason === "internal" ? "host_error" : "refused";
}

import type { Outcome } from "../../audit/record";
import { Denial } from "../../denial";
import { publicError } from "../../http/public-error";
import { eventBytes, type SseEvent } from "../../http/sse";
import { ClientGone } from "../../http/write-answer";
import type { SseSession } from "../../ports/protocol";
import { ending, learnUsage, rememberResponse, type Delivery } from "./answer-call";
import { withoutByteHeaders } from "./byte-headers";
import { collectedSteps } from "./collected-steps";
import type { CompletionFacts } from "../record/call-facts";
import { heldSteps } from "./held-steps";
import { passedSteps } from "./passed-steps";

/**
 * Delivers a stream event by event. The head goes with the first event, so that a stream which fails before it
 * is answered like any other failure; after it, failures end the stream in the dialect (contract: after a stream has begun).
 */
export async function answerStream(given: Delivery): Promise<void> {
  // How long a stream will be is known to nobody: it may be changed, ended early, or kept alive.
  const delivery = { ...given, headers: withoutByteHeaders(given.headers) };
  const session = delivery.call.protocol.response.openSse();
  const failure = { upstreamSaidSo: false };
  try {
    await deliver(delivery, session, failure);
  } catch (thrown) {
    if (!delivery.writer.started) throw thrown;
    await endFailed(delivery, session, failure.upstreamSaidSo, thrown);
  }
}

async function deliver(delivery: Delivery, session: SseSession, failure: { upstreamSaidSo: boolean }): Promise<void> {
  const steps = stepsFor(delivery);
  for await (const step of steps(delivery, session)) {
    if ("withheld" in step)
      return await endWith(delivery, step.withheld, step.midstream ? "blocked_midstream" : "withheld");
    await rememberResponse(delivery, step.content.responseId);
    learnUsage(delivery.learnt, step.content.usage);
    if (step.content.terminal === "end") return await endWith(delivery, [step.event], "ok");
    failure.upstreamSaidSo ||= step.content.terminal === "error";
    await send(delivery, step.event);
  }
  throw new Denial("upstream_unavailable", {
    reason: "upstream_malformed",
    detail: "stream ended without its last event",
  });
}

/** Only an answer that may have to become another one is held up. */
function stepsFor({ policy, call }: Delivery): typeof passedSteps {
  const restores = call.tokens !== undefined && call.tokens.size() > 0;
  if (!policy.intervenes && !restores) return passedSteps;
  return policy.stream === "strict" ? collectedSteps : heldSteps;
}

async function send({ writer, answer, headers, kept }: Delivery, event: SseEvent): Promise<void> {
  if (!writer.started) writer.head(answer.status, headers);
  kept?.event(event);
  await writer.write(eventBytes(event));
}

/** The completion is queued in the tick of the last write: what it says of the socket is what was true then. */
async function endWith(
  delivery: Delivery,
  last: readonly SseEvent[],
  outcome: Outcome,
  why: Partial<CompletionFacts> = {},
): Promise<void> {
  const bytes = Buffer.concat(last.map(eventBytes));
  const { writer, complete, call, answer, headers, kept } = delivery;
  if (call.signal.reason instanceof ClientGone) return await endAborted(delivery);
  if (!writer.started) writer.head(answer.status, headers);
  const sent = writer.write(bytes);
  for (const event of last) kept?.event(event);
  const recorded = complete(ending(delivery, outcome, { ...why, status: answer.status }));
  // What was streamed cannot be taken back: a completion that is late is retried by the recorder, the client gets its end.
  await Promise.allSettled([sent, recorded]);
  writer.end();
}

async function endFailed(
  delivery: Delivery,
  session: SseSession,
  upstreamSaidSo: boolean,
  thrown: unknown,
): Promise<void> {
  const cause: unknown = delivery.call.signal.aborted ? delivery.call.signal.reason : thrown;
  if (cause instanceof ClientGone) return await endAborted(delivery);
  const events = session.fail(publicError(cause), upstreamSaidSo);
  await endWith(delivery, events, failedOutcome(delivery, cause), reasonOf(cause));
}

/** A stream whose key was revoked did not fail: the gate ended it. */
function failedOutcome({ answer }: Delivery, cause: unknown): Outcome {
  if (cause instanceof Denial && cause.code === "unauthorized") return "revoked_midstream";
  return answer.origin === "upstream" ? "upstream_error" : "host_error";
}

async function endAborted(delivery: Delivery): Promise<void> {
  await Promise.allSettled([delivery.complete(ending(delivery, "client_aborted"))]);
}

function reasonOf(thrown: unknown): Pick<CompletionFacts, "reason" | "detail"> {
  if (thrown instanceof Denial) return { reason: thrown.reason, detail: thrown.detail ?? null };
  return { reason: "internal", detail: null };
}

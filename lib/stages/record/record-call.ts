import { auditEvent, type AuditEvent } from "../../audit/record";
import { UncertainAppend } from "../../audit/uncertain-append";
import type { AuthenticatedCall, ClearedCall } from "../../call";
import { callFacts, completionFacts, UNRECORDED, type AnyCall, type CompletionFacts, type Facts } from "./call-facts";
import { orUnavailable, type Recording } from "./recording";

export async function recordIntent(recording: Recording, call: ClearedCall): Promise<void> {
  const { parts, append, owed, begun } = recording;
  const facts: Facts = { decision: "allow", ...callFacts(call) };
  const event = auditEvent("intent", parts.clock.now(), facts);
  const written = owed.isFull() ? Promise.reject(new Error("Too many completions are owed.")) : append([event]);
  const endUncertain = (cause: unknown): never => {
    if (cause instanceof UncertainAppend) owed.owe(refusedEvent(recording, facts));
    throw cause;
  };
  await orUnavailable(recording, written.catch(endUncertain));
  begun.set(call.requestId, facts);
}

/** Should the intent turn out to be on record after all, this ends it; if not, it is one more refusal on record. */
function refusedEvent({ parts }: Recording, facts: Facts): AuditEvent {
  return auditEvent("completion", parts.clock.now(), { ...facts, ...UNRECORDED, decision: "deny" });
}

export async function recordCompletion(recording: Recording, call: ClearedCall, facts: CompletionFacts): Promise<void> {
  const { requestId } = call;
  const said = recording.begun.get(requestId);
  if (said === undefined) {
    recording.counts.completionsRepeated += 1;
    const what = "a call was completed twice, or without an intent";
    recording.parts.logger.error(what, { requestId, outcome: facts.outcome });
    return;
  }
  recording.begun.delete(requestId);
  await orUnavailable(recording, appendOrOwe(recording, ending(recording, call, said, facts), facts.held === true));
}

async function appendOrOwe({ append, owed, counts }: Recording, event: AuditEvent, held: boolean): Promise<void> {
  try {
    await append([event]);
  } catch (cause) {
    counts.completionsLate += 1;
    owed.owe(held ? { ...event, ...UNRECORDED } : event);
    throw cause;
  }
}

export function recordSingle(recording: Recording, call: AuthenticatedCall, facts: CompletionFacts): Promise<void> {
  const said: Facts = { decision: "allow", ...callFacts(call) };
  return orUnavailable(recording, recording.append([ending(recording, call, said, facts)]));
}

function ending({ parts }: Recording, call: AnyCall, said: Facts, facts: CompletionFacts): AuditEvent {
  const durationMs = Math.max(0, parts.clock.monotonic() - call.startedAt);
  return auditEvent("completion", parts.clock.now(), completionFacts(said, facts, durationMs));
}

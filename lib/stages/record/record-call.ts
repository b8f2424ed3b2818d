import { auditEvent, type AuditEvent } from "../../audit/record";
import { UncertainAppend } from "../../audit/uncertain-append";
import type { KeptText } from "../../audit/content/kept-texts";
import type { AuthenticatedCall, ClearedCall } from "../../call";
import type { ContentSeal } from "../../content-vault";
import { callFacts, completionFacts, UNRECORDED, type AnyCall, type CompletionFacts, type Facts } from "./call-facts";
import { orUnavailable, type Recording } from "./recording";

export async function recordIntent(recording: Recording, call: ClearedCall): Promise<void> {
  const facts: Facts = { decision: "allow", ...callFacts(call) };
  const seal = await orUnavailable(recording, openSeal(recording, facts));
  await orUnavailable(recording, writeIntent(recording, facts, seal, call.texts ?? []));
  recording.begun.set(call.requestId, { facts, seal });
}

async function writeIntent(
  recording: Recording,
  facts: Facts,
  seal: ContentSeal | null,
  texts: readonly KeptText[],
): Promise<void> {
  const { parts, append, owed } = recording;
  if (owed.isFull()) throw new Error("Too many completions are owed.");
  const content = seal?.seal("request", texts) ?? null;
  const endUncertain = (cause: unknown): never => {
    if (cause instanceof UncertainAppend) owed.owe(refusedEvent(recording, facts));
    throw cause;
  };
  await append([auditEvent("intent", parts.clock.now(), { ...facts, content })]).catch(endUncertain);
}

/** What seals the texts of the call that these facts are of; null where none are kept. */
async function openSeal({ parts }: Recording, facts: Facts): Promise<ContentSeal | null> {
  const { organization, user, requestId } = facts;
  if (parts.content === undefined || organization == null || user == null || requestId == null) return null;
  return parts.content.open({ organization, user, requestId });
}

/** Who has no user yet, or not the right key, may be a flood; everybody else is recorded one by one. */
export async function recordRefusal(
  recording: Recording,
  facts: Facts,
  texts: readonly KeptText[] = [],
): Promise<void> {
  const { parts, append, flood } = recording;
  const seal = texts.length === 0 ? null : await orUnavailable(recording, openSeal(recording, facts));
  const content = seal?.seal("request", texts) ?? null;
  const event = auditEvent("refusal", parts.clock.now(), { decision: "deny", ...facts, content });
  const unauthenticated = event.user === null || event.status === 401;
  await orUnavailable<unknown>(recording, unauthenticated ? flood.refuse(event) : append([event]));
}

/** Should the intent turn out to be on record after all, this ends it; if not, it is one more refusal on record. */
function refusedEvent({ parts }: Recording, facts: Facts): AuditEvent {
  return auditEvent("completion", parts.clock.now(), { ...facts, ...UNRECORDED, decision: "deny" });
}

export async function recordCompletion(recording: Recording, call: ClearedCall, facts: CompletionFacts): Promise<void> {
  const { requestId } = call;
  const begun = recording.begun.get(requestId);
  if (begun === undefined) {
    recording.counts.completionsRepeated += 1;
    const what = "a call was completed twice, or without an intent";
    recording.parts.logger.error(what, { requestId, outcome: facts.outcome });
    return;
  }
  recording.begun.delete(requestId);
  const content = begun.seal?.seal("response", facts.texts ?? []) ?? null;
  const event = ending(recording, call, { ...begun.facts, content }, facts);
  await orUnavailable(recording, appendOrOwe(recording, event, facts.held === true));
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

export async function recordSingle(
  recording: Recording,
  call: AuthenticatedCall,
  facts: CompletionFacts,
): Promise<void> {
  const said: Facts = { decision: "allow", ...callFacts(call) };
  await orUnavailable(recording, recording.append([ending(recording, call, said, facts)]));
}

function ending({ parts }: Recording, call: AnyCall, said: Facts, facts: CompletionFacts): AuditEvent {
  const durationMs = Math.max(0, parts.clock.monotonic() - call.startedAt);
  return auditEvent("completion", parts.clock.now(), completionFacts(said, facts, durationMs));
}

import { auditEvent, type AuditRecord } from "../audit/record";
import type { SignedCheckpoint } from "../audit/checkpoint";
import type { KeptText } from "../audit/content/kept-texts";
import type { AuthenticatedCall, ClearedCall } from "../call";
import type { CompletionFacts, Facts } from "./record/call-facts";
import { recordCompletion, recordIntent, recordRefusal, recordSingle } from "./record/record-call";
import { openRecording, type RecorderParts, type Recording } from "./record/recording";

/** What cannot be recorded does not happen: each method but `close` rejects with the Denial `audit_unavailable`. */
export interface Recorder {
  /** Resolves when the refusal is durable; send the answer after that. `texts`: what was asked, with nothing in it that was found. */
  refusal(facts: Facts, texts?: readonly KeptText[]): Promise<void>;
  /** Resolves when the intent is durable; let the call go upstream after that. */
  intent(call: ClearedCall): Promise<void>;
  /**
   * Once for each intent; a second one is dropped, and logged as the mistake that it is. Rejects when the completion is
   * not durable in time: withhold what has not left. It is then kept, and written as soon as the trail takes it.
   */
  completion(call: ClearedCall, facts: CompletionFacts): Promise<void>;
  /** One record for a call that the gate answers itself: `GET /v1/models`. */
  single(call: AuthenticatedCall, facts: CompletionFacts): Promise<void>;
  /** Puts a signed checkpoint of all chains on record. Rejects with whatever kept it from being durable. */
  checkpoint(): Promise<SignedCheckpoint>;
  /** Closes the open intents of this node's earlier boots as `interrupted`; gives their number. */
  recover(): Promise<number>;
  /** False while a completion is owed: the node should get no new calls. */
  healthy(): boolean;
  counts(): RecorderCounts;
  /** Writes what is pending, for two seconds at most. The log stays open: close it next. */
  close(): Promise<void>;
}

export interface RecorderCounts {
  /** Calls with an intent and no completion yet. */
  readonly open: number;
  /** Calls answered 503 because the trail was down. */
  readonly refusedUnrecorded: number;
  readonly completionsLate: number;
  readonly completionsOwed: number;
  readonly completionsLost: number;
  readonly completionsRepeated: number;
  readonly sinkFailures: number;
  /** Events that wait in the spool for the trail. */
  readonly spooled: number;
}

const RECOVERY_GROUP = 500;

export function createRecorder(parts: RecorderParts): Recorder {
  const recording = openRecording(parts);
  const { feed, owed, flood, timeoutMs } = recording;
  return Object.freeze({
    refusal: (facts: Facts, texts?: readonly KeptText[]) => recordRefusal(recording, facts, texts),
    intent: (call: ClearedCall) => recordIntent(recording, call),
    completion: (call: ClearedCall, facts: CompletionFacts) => recordCompletion(recording, call, facts),
    single: (call: AuthenticatedCall, facts: CompletionFacts) => recordSingle(recording, call, facts),
    checkpoint: () => recordCheckpoint(recording),
    recover: () => recordInterrupted(recording),
    healthy: () => owed.size() === 0,
    counts: () => countsOf(recording),
    async close(): Promise<void> {
      await flood.close();
      await owed.close(timeoutMs);
      feed.flush();
    },
  });
}

function countsOf({ parts, counts, begun, owed, feed }: Recording): RecorderCounts {
  return Object.freeze({
    ...counts,
    open: begun.size,
    completionsOwed: owed.size(),
    completionsLost: owed.lost(),
    sinkFailures: feed.failures(),
    spooled: parts.log.waiting?.() ?? 0,
  });
}

async function recordCheckpoint({ parts, append }: Recording): Promise<SignedCheckpoint> {
  const [record] = await append([auditEvent("checkpoint", parts.clock.now(), {})]);
  if (record?.checkpoint != null) return record.checkpoint;
  throw new Error("The audit log took a checkpoint event and signed nothing.");
}

async function recordInterrupted({ parts, append }: Recording): Promise<number> {
  const open = await parts.log.openIntents();
  const events = open.map((intent) => auditEvent("interrupted", parts.clock.now(), interruptedFacts(intent)));
  for (let start = 0; start < events.length; start += RECOVERY_GROUP) {
    await append(events.slice(start, start + RECOVERY_GROUP));
  }
  return events.length;
}

function interruptedFacts(intent: AuditRecord): Facts {
  return { ...intent, content: null, outcome: "interrupted", detail: "the node stopped before the call ended" };
}

export type { RecorderParts };

import type { SseSession } from "../../ports/protocol";
import { inspectEvents } from "../inspect-answer";
import { ASK_MODE_RULE, type Delivery } from "./answer-call";
import { readEvents, type ReadEvent, type StreamStep } from "./read-events";
import { refuseUnread } from "./refuse-unread";
import { tooLarge } from "./too-large";

/** The whole stream is collected and inspected before its first event goes out: slow, never open. */
export async function* collectedSteps(delivery: Delivery, session: SseSession): AsyncGenerator<StreamStep> {
  const { call, deps, policy, tokens, learnt } = delivery;
  const collected = await collect(delivery, session);
  const inspected = await inspectEvents(collected.events, policy, deps.engine, call.signal, tokens);
  learnt.dlp = inspected.report;
  learnt.withheldBy = inspected.blockedBy ?? (collected.toolCall ? ASK_MODE_RULE : null);
  if (inspected.blockedBy !== null) {
    yield { withheld: session.withhold(true) };
    return;
  }
  yield* inspected.events;
  if (collected.toolCall) yield { withheld: session.withhold(collected.events.length === 0) };
  if (collected.failure !== null) throw collected.failure;
}

interface Collected {
  readonly events: readonly ReadEvent[];
  /** A tool call that Ask Mode withholds ended the collection; its event is not among `events`. */
  readonly toolCall: boolean;
  /** Why the stream broke off, when it did: what came before is still inspected and delivered. */
  readonly failure: Error | null;
}

async function collect({ call, answer, deps, policy }: Delivery, session: SseSession): Promise<Collected> {
  const events: ReadEvent[] = [];
  let length = 0;
  try {
    for await (const read of readEvents(answer.body, session, deps.answerBytes)) {
      length += read.event.raw?.length ?? 0;
      if (length > deps.answerBytes) throw tooLarge();
      refuseUnread(read, policy);
      if (deps.withholdsToolCalls(call, read.content.toolCalls)) return { events, toolCall: true, failure: null };
      events.push(read);
      if (read.content.terminal === "end") break;
    }
    return { events, toolCall: false, failure: null };
  } catch (failure) {
    if (events.length === 0) throw failure;
    return { events, toolCall: false, failure: failure instanceof Error ? failure : new Error("The stream failed.") };
  }
}

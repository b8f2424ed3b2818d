import { inspectEvents } from "../inspect-answer";
import type { SseSession } from "../../ports/protocol";
import { ASK_MODE_RULE, type Delivery } from "./answer-call";
import { readEvents, type ReadEvent, type StreamStep } from "./read-events";

/** Events as they come, for policies that never change an answer. A policy that reports reads them all before the last goes out. */
export async function* passedSteps(delivery: Delivery, session: SseSession): AsyncGenerator<StreamStep> {
  const { call, answer, deps, policy } = delivery;
  const reported: ReadEvent[] = [];
  for await (const event of readEvents(answer.body, session, deps.answerBytes)) {
    if (deps.withholdsToolCalls(call, event.content.toolCalls)) {
      delivery.learnt.withheldBy = ASK_MODE_RULE;
      yield { withheld: session.withhold() };
      return;
    }
    if (policy.active) reported.push(event);
    if (policy.active && event.content.terminal === "end") await report(delivery, reported);
    yield event;
  }
}

async function report(delivery: Delivery, events: readonly ReadEvent[]): Promise<void> {
  const { policy, deps, call } = delivery;
  delivery.learnt.dlp = (await inspectEvents(events, policy, deps.engine, call.signal)).report;
}

import { sseEvent, type SseEvent } from "../../http/sse";
import type { StreamInspection } from "../../dlp/stream/open-stream";
import type { EventContent, SseSession } from "../../ports/protocol";
import { spansOfEvent } from "../inspect-answer";
import { ASK_MODE_RULE, type Delivery } from "./answer-call";
import { arrivalsOf, type Arrivals } from "./arrivals";
import { createHeldQueue, releasedEvent, type HeldEvent, type HeldQueue } from "./held-queue";
import { readEvents, type ReadEvent, type StreamStep } from "./read-events";
import { refuseUnread } from "./refuse-unread";
import { tooLarge } from "./too-large";

/** A client hears something at least this often while text is held: many give up on a silent stream. */
const KEEP_ALIVE_MS = 1_000;

/** One stream that is inspected while it is delivered. */
interface Holding {
  readonly delivery: Delivery;
  /** Has read everything that came. */
  readonly reader: SseSession;
  /** Has read only what went out, so that an ending closes what the client saw open. */
  readonly sent: SseSession;
  readonly inspection: StreamInspection;
  readonly queue: HeldQueue;
  readonly arrivals: Arrivals;
  delivered: number;
  begun: boolean;
  sentAt: number;
}

/** Events go out as soon as nothing can be found any more that begins in their text; what is found never goes out. */
export async function* heldSteps(delivery: Delivery, session: SseSession): AsyncGenerator<StreamStep> {
  const holding = open(delivery, session);
  try {
    yield* held(holding);
  } finally {
    await holding.arrivals.stop();
  }
}

function open(delivery: Delivery, sent: SseSession): Holding {
  const { call, answer, deps, policy, tokens } = delivery;
  const codec = call.protocol.response;
  const reader = codec.openSse();
  return {
    ...{ delivery, reader, sent, delivered: 0, begun: false, sentAt: performance.now() },
    inspection: deps.engine.openStream(policy, call.signal, tokens),
    queue: createHeldQueue(codec.interleaves ?? false),
    arrivals: arrivalsOf(readEvents(answer.body, reader, deps.answerBytes)),
  };
}

async function* held(holding: Holding): AsyncGenerator<StreamStep> {
  const { delivery, inspection, queue, arrivals } = holding;
  for (;;) {
    const arrival = await arrivals.next(patience(holding));
    if (arrival === "silence") {
      yield keepAlive(holding);
      continue;
    }
    const read = typeof arrival === "object" && "read" in arrival ? arrival.read : null;
    const toolCall = read !== null && delivery.deps.withholdsToolCalls(delivery.call, read.content.toolCalls);
    const last = read === null || toolCall || read.content.terminal === "end";
    if (read !== null && !toolCall) take(holding, read);
    await inspection.settle(last || read.content.terminal !== null ? null : (read.content.ends ?? []));
    const blockedBy = inspection.blockedBy();
    if (blockedBy === null) for (const event of queue.release()) yield release(holding, event);
    if (blockedBy !== null || toolCall) yield withheld(holding, blockedBy);
    if (typeof arrival === "object" && "failure" in arrival) throw arrival.failure;
    if (last || blockedBy !== null) return;
    if (patience(holding) === 0) yield keepAlive(holding);
  }
}

/** What is remembered of a stream is its text; what is held are whole events. */
function take({ delivery, inspection, queue }: Holding, read: ReadEvent): void {
  refuseUnread(read, delivery.policy);
  queue.add({ read, texts: spansOfEvent(read).map(inspection.add) });
  if (Math.max(queue.bytes(), inspection.length()) > delivery.deps.answerBytes) throw tooLarge();
}

function release(holding: Holding, event: HeldEvent): ReadEvent {
  const { delivery, inspection, sent } = holding;
  const { read, texts } = event;
  sent.read(read.event, read.data);
  holding.begun = true;
  holding.sentAt = performance.now();
  holding.delivered += texts.reduce((sum, { text }) => sum + (text?.length ?? 0), 0);
  delivery.learnt.dlp = inspection.report(holding.delivered);
  return releasedEvent(event);
}

/** Stopped by a rule, or by Ask Mode where none is named. */
function withheld(holding: Holding, blockedBy: string | null): StreamStep {
  const { delivery, reader, sent, inspection, begun, delivered } = holding;
  delivery.learnt.withheldBy = blockedBy ?? ASK_MODE_RULE;
  delivery.learnt.dlp = inspection.report(delivered);
  const midstream = blockedBy !== null && begun ? { midstream: true as const } : {};
  if (!begun) return { withheld: reader.withhold(true), ...midstream };
  sent.read(NOT_SENT, {});
  return { withheld: sent.withhold(), ...midstream };
}

/** Stands for the event that was read last and did not go out. */
const NOT_SENT: SseEvent = Object.freeze(sseEvent(null, "{}"));

/** How long the client may wait for something to come; null while nothing is held, and the provider alone is silent. */
function patience({ queue, sentAt }: Holding): number | null {
  return queue.size() === 0 ? null : Math.max(0, Math.ceil(sentAt + KEEP_ALIVE_MS - performance.now()));
}

function keepAlive(holding: Holding): ReadEvent {
  holding.sentAt = performance.now();
  return { event: holding.delivery.call.protocol.response.keepAlive, data: null, content: NO_CONTENT };
}

const NO_CONTENT: EventContent = Object.freeze({
  spans: [],
  toolCalls: [],
  usage: null,
  responseId: null,
  terminal: null,
});

import type { HeldText } from "../../dlp/stream/channel";
import { editEvent } from "../inspect-answer";
import type { ReadEvent } from "./read-events";

/** An event with the texts that decide when it may go on. */
export interface HeldEvent {
  readonly read: ReadEvent;
  readonly texts: readonly HeldText[];
}

/** Events on their way to the client, in the order in which they came. */
export interface HeldQueue {
  add(event: HeldEvent): void;
  /** Takes out what may go on now. */
  release(): readonly HeldEvent[];
  size(): number;
  /** Of the events held, as they came. */
  bytes(): number;
}

/** With more events held than this, none overtakes another: finding out which may would cost more than waiting. */
const OVERTAKING_LIMIT = 256;

/** `interleaves`: deltas of different channels may change places, so that none waits for a text that is none of its own. */
export function createHeldQueue(interleaves: boolean): HeldQueue {
  let events: HeldEvent[] = [];
  let bytes = 0;

  function take(): readonly HeldEvent[] {
    const waiting = events.findIndex((event) => !isDecided(event));
    const inOrder = events.splice(0, waiting === -1 ? events.length : waiting);
    if (!interleaves || events.length > OVERTAKING_LIMIT) return inOrder;
    const passing = overtaking(events);
    if (passing.size > 0) events = events.filter((event) => !passing.has(event));
    return [...inOrder, ...passing];
  }

  return Object.freeze<HeldQueue>({
    add(event) {
      bytes += lengthOf(event);
      events.push(event);
    },
    release() {
      const released = take();
      for (const event of released) bytes -= lengthOf(event);
      return released;
    },
    size: () => events.length,
    bytes: () => bytes,
  });
}

/** Decided events whose channels nothing before them waits in; what ends anything is overtaken by nothing. */
function overtaking(events: readonly HeldEvent[]): ReadonlySet<HeldEvent> {
  const passing = new Set<HeldEvent>();
  const waiting = new Set<string | undefined>();
  for (const event of events) {
    const channels = event.texts.map(({ span }) => span.channel);
    if (endsSomething(event)) break;
    if (isDecided(event) && !channels.some((channel) => waiting.has(channel))) passing.add(event);
    else for (const channel of channels) waiting.add(channel);
  }
  return passing;
}

/** The event as it goes out: as it came where no text of it changed. */
export function releasedEvent({ read, texts }: HeldEvent): ReadEvent {
  const edits = texts.flatMap(({ span, text }, index) =>
    text === null || text === span.text ? [] : [{ index, text }],
  );
  const spans = texts.map(({ span }) => span);
  return edits.length === 0 ? read : editEvent(read, spans, edits);
}

function lengthOf({ read: { event } }: HeldEvent): number {
  return event.raw?.length ?? 0;
}

function isDecided({ texts }: HeldEvent): boolean {
  return texts.every(({ text }) => text !== null);
}

function endsSomething({ read: { content } }: HeldEvent): boolean {
  return content.terminal !== null || content.last === true || (content.ends?.length ?? 0) > 0;
}

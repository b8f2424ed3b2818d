import { Denial } from "../denial";
import { byteCollector } from "./byte-collector";

/** One server-sent event. Field order and comments of the original are kept in `raw`, so that what is not changed goes on byte for byte. */
export interface SseEvent {
  /** The `event:` field; null when absent. */
  readonly event: string | null;
  /** The `data:` lines joined by LF; null for a comment or an event without data. */
  readonly data: string | null;
  /** The bytes as received, blank line included; null for an event made here. */
  readonly raw: Uint8Array | null;
  /** The stream ended before the event's blank line: clients drop it. */
  readonly unterminated?: true;
  /** It has a line that is neither a field of the format nor a comment: clients pass over it. */
  readonly stray?: true;
}

export interface SseParser {
  /** The events that ended in this chunk. Throws Denial `upstream_unavailable` for an event above the limit. */
  push(chunk: Uint8Array): readonly SseEvent[];
  /** What is left when the stream is over, so that all `raw`s together are all bytes received. */
  end(): readonly SseEvent[];
}

const LF = 0x0a;
const CR = 0x0d;

/** Where the bytes seen so far stand between lines. */
interface Framing {
  /** The line that is being read has no bytes yet. */
  lineEmpty: boolean;
  afterCr: boolean;
  /** A blank line ended with CR: an LF that follows belongs to it. */
  closing: boolean;
}

/**
 * Splits bytes into events as the WHATWG event stream format says, however they are cut into chunks. A blank line that
 * ends with a lone CR is only over at the next byte. Comments and stray blank lines are events without data.
 */
export function createSseParser(limits: { readonly maxEventBytes: number }): SseParser {
  const pending = byteCollector();
  let framing = freshFraming();
  let first = true;

  function collect(bytes: Uint8Array): void {
    pending.add(bytes);
    if (pending.length > limits.maxEventBytes) {
      throw new Denial("upstream_unavailable", { reason: "upstream_malformed", detail: "an event is too long" });
    }
  }

  function take(): SseEvent {
    const event = parseEvent(pending.take(), first);
    first = false;
    framing = freshFraming();
    return event;
  }

  function push(chunk: Uint8Array): readonly SseEvent[] {
    const events: SseEvent[] = [];
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const end = endOfEvent(framing, chunk[at] ?? 0, at);
      if (end === null) continue;
      collect(chunk.subarray(start, end));
      events.push(take());
      start = end;
      at = end - 1;
    }
    if (start < chunk.length) collect(chunk.subarray(start));
    return events;
  }

  function end(): readonly SseEvent[] {
    if (pending.length === 0) return [];
    const complete = framing.closing;
    const event = take();
    return [complete ? event : { ...event, unterminated: true }];
  }

  return Object.freeze({ push, end });
}

function freshFraming(): Framing {
  return { lineEmpty: true, afterCr: false, closing: false };
}

/** The offset at which the event is over, seen at the byte at `at`; null while it goes on. */
function endOfEvent(framing: Framing, byte: number, at: number): number | null {
  if (framing.closing) return byte === LF ? at + 1 : at;
  if (byte === LF && framing.afterCr) {
    framing.afterCr = false;
    return null;
  }
  const blankLine = framing.lineEmpty && (byte === LF || byte === CR);
  framing.afterCr = byte === CR;
  framing.lineEmpty = byte === LF || byte === CR;
  framing.closing = blankLine && byte === CR;
  return blankLine && byte === LF ? at + 1 : null;
}

function parseEvent(raw: Uint8Array, first: boolean): SseEvent {
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString("utf8");
  let event: string | null = null;
  const data: string[] = [];
  let stray = false;
  for (const line of (first ? text.replace(/^\ufeff/, "") : text).split(/\r\n|\r|\n/)) {
    const [field, value] = parseLine(line);
    if (field === "event") event = value;
    if (field === "data") data.push(value);
    stray ||= !FIELDS.has(field) && line.trim() !== "";
  }
  return { event, data: data.length === 0 ? null : data.join("\n"), raw, ...(stray && { stray }) };
}

/** A comment has the empty field name, and so has a blank line. */
const FIELDS: ReadonlySet<string> = new Set(["", "event", "data", "id", "retry"]);

function parseLine(line: string): readonly [field: string, value: string] {
  const colon = line.indexOf(":");
  if (colon === -1) return [line, ""];
  const value = line.slice(colon + 1);
  return [line.slice(0, colon), value.startsWith(" ") ? value.slice(1) : value];
}

/** An event as bytes; line ends inside `data` make further `data:` lines. Throws TypeError for a line end in `event`. */
export function formatSseEvent(event: Pick<SseEvent, "event" | "data">): Uint8Array {
  if (event.event !== null && /[\r\n]/.test(event.event)) throw new TypeError("An event's name is one line.");
  const name = event.event === null ? [] : [`event: ${event.event}\n`];
  const data = event.data === null ? [] : event.data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return Buffer.from([...name, ...data, "\n"].join(""));
}

/** An event made here. */
export function sseEvent(event: string | null, data: string | null): SseEvent {
  return { event, data, raw: null };
}

/** What goes out: the bytes as received, or the event's own form. */
export function eventBytes(event: SseEvent): Uint8Array {
  return event.raw ?? formatSseEvent(event);
}

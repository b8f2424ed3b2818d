import type { Clock } from "../ports/clock";
import { auditEvent, type AuditEvent } from "./record";

export interface FloodOptions {
  /** Refusals of one source that are recorded one by one within a second. Default 1,000. */
  readonly perSecond?: number;
  /** Sources told apart within a second; further ones are counted together. Default 10,000. */
  readonly sources?: number;
}

export interface FloodParts extends FloodOptions {
  /** Resolves when the events are durable. */
  append(events: readonly AuditEvent[]): Promise<unknown>;
  readonly clock: Clock;
  /** Runs a function later; the timer's stand-in for tests. */
  readonly schedule?: (run: () => void, delayMs: number) => void;
}

export interface FloodControl {
  /**
   * Resolves when the refusal is durable: as its own record, or counted in a `summary` record at the end of the second.
   * An answer sent after that is on record even if the process is killed at once. Rejects as `append` does.
   */
  refuse(event: AuditEvent): Promise<void>;
  /** Writes the summaries that are due later now. */
  close(): Promise<void>;
}

const WINDOW_MS = 1_000;
/** Different summaries of one second; further sources share one. */
const SUMS_LIMIT = 1_000;

interface Sum {
  readonly first: AuditEvent;
  readonly source: string | null;
  count: number;
}

/** One second: what each source did in it, and the summaries that its end will write. */
interface Window {
  readonly openedAt: number;
  readonly seen: Map<string, number>;
  readonly sums: Map<string, Sum>;
  /** Settles with the append of the summaries; shared by every refusal that they count. */
  written: Promise<void> | null;
  end: () => void;
}

interface Flood {
  window: Window;
  /** Windows with summaries to write. */
  readonly waiting: Set<Window>;
}

/** Keeps a flood of unauthenticated calls exact without writing each: memory and records per second are bounded. */
export function createFloodControl(parts: FloodParts): FloodControl {
  const { append, clock, perSecond = 1_000, sources = 10_000 } = parts;
  const flood: Flood = { window: openWindow(-Infinity), waiting: new Set() };
  return Object.freeze({
    async refuse(event: AuditEvent): Promise<void> {
      const open = currentWindow(flood, clock.monotonic());
      const source = knownSource(open, event.source, sources);
      if (countOf(open, source) <= perSecond) {
        await append([event]);
      } else {
        addToSum(open, source, event);
        await (open.written ??= endOf(flood, open, parts));
      }
    },
    async close(): Promise<void> {
      const pending = [...flood.waiting];
      for (const open of pending) open.end();
      await Promise.allSettled(pending.map(async (open) => open.written));
    },
  });
}

function currentWindow(flood: Flood, now: number): Window {
  if (now - flood.window.openedAt >= WINDOW_MS) flood.window = openWindow(now);
  return flood.window;
}

/** Waits for the end of the second, closes it to further refusals, and writes its summaries. */
async function endOf(flood: Flood, open: Window, { append, clock, schedule = later }: FloodParts): Promise<void> {
  flood.waiting.add(open);
  await new Promise<void>((resolve) => {
    open.end = resolve;
    schedule(resolve, Math.max(0, open.openedAt + WINDOW_MS - clock.monotonic()));
  });
  flood.waiting.delete(open);
  if (open === flood.window) flood.window = openWindow(-Infinity);
  await append(summaries(open, clock.now()));
}

function later(run: () => void, delayMs: number): void {
  setTimeout(run, delayMs);
}

function openWindow(openedAt: number): Window {
  return { openedAt, seen: new Map(), sums: new Map(), written: null, end: () => undefined };
}

/** Null, the shared bucket, when the source is unknown or there are too many to tell apart. */
function knownSource(open: Window, source: string | null, limit: number): string | null {
  return source !== null && (open.seen.has(source) || open.seen.size < limit) ? source : null;
}

function countOf(open: Window, source: string | null): number {
  const key = source ?? "";
  const count = (open.seen.get(key) ?? 0) + 1;
  open.seen.set(key, count);
  return count;
}

/** Keyed by closed sets beside the source; what callers can make up (paths, ids) is not kept. */
function addToSum(open: Window, wanted: string | null, event: AuditEvent): void {
  const key = (source: string | null): string => JSON.stringify([source, event.reason, event.protocol, event.status]);
  const source = open.sums.has(key(wanted)) || open.sums.size < SUMS_LIMIT ? wanted : null;
  const sum = open.sums.get(key(source)) ?? { first: event, source, count: 0 };
  sum.count += 1;
  open.sums.set(key(source), sum);
}

/** `detail` says since when; `at` is the end. */
function summaries(open: Window, now: number): readonly AuditEvent[] {
  return [...open.sums.values()].map(({ first, source, count }) => {
    const { protocol, decision, reason, status } = first;
    return auditEvent("summary", now, {
      protocol,
      decision,
      reason,
      status,
      source,
      count,
      detail: `since ${first.at}`,
    });
  });
}

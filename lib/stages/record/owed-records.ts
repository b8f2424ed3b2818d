import type { AuditEvent } from "../../audit/record";
import type { Logger } from "../../ports/logger";

export interface OwedParts {
  append(events: readonly AuditEvent[]): Promise<unknown>;
  readonly logger: Logger;
  /** Records that may be owed. Default 10,000. */
  readonly capacity?: number;
  /** The first pause between attempts; it doubles up to a second. Default 50 ms. */
  readonly pauseMs?: number;
}

/** Endings that the trail did not take in time. They are kept, and written in order as soon as it takes them. */
export interface OwedRecords {
  owe(event: AuditEvent): void;
  size(): number;
  isFull(): boolean;
  /** Records given up: at capacity, or when the process ended before the trail healed. */
  lost(): number;
  /** Tries for so long, then gives up. */
  close(limitMs: number): Promise<void>;
}

const CAPACITY = 10_000;
const PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
const GROUP = 500;

interface Debt {
  readonly events: AuditEvent[];
  running: Promise<void> | null;
  /** Ends the pause before the next attempt. */
  wake: () => void;
  lost: number;
  closed: boolean;
}

export function createOwedRecords(parts: OwedParts): OwedRecords {
  const debt: Debt = { events: [], running: null, wake: () => undefined, lost: 0, closed: false };
  const isFull = (): boolean => debt.events.length >= (parts.capacity ?? CAPACITY);
  return Object.freeze({
    owe(event: AuditEvent): void {
      if (isFull() || debt.closed) return giveUp(debt, [event], parts.logger);
      debt.events.push(event);
      debt.running ??= payBack(debt, parts);
    },
    size: () => debt.events.length,
    isFull,
    lost: () => debt.lost,
    async close(limitMs: number): Promise<void> {
      const limit = setTimeout(() => ((debt.closed = true), debt.wake()), limitMs);
      debt.wake();
      await debt.running;
      clearTimeout(limit);
      debt.closed = true;
      giveUp(debt, debt.events.splice(0), parts.logger);
    },
  });
}

async function payBack(debt: Debt, parts: OwedParts): Promise<void> {
  let pauseMs = parts.pauseMs ?? PAUSE_MS;
  while (debt.events.length > 0 && !debt.closed) {
    await pause(debt, pauseMs);
    const paid = await payGroup(debt, parts);
    pauseMs = paid ? 0 : Math.min(LONGEST_PAUSE_MS, Math.max(PAUSE_MS, pauseMs * 2));
  }
  debt.running = null;
}

function pause(debt: Debt, pauseMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, pauseMs);
    debt.wake = () => (clearTimeout(timer), resolve());
  });
}

async function payGroup({ events }: Debt, { append }: OwedParts): Promise<boolean> {
  const group = events.slice(0, GROUP);
  try {
    await append(group);
    events.splice(0, group.length);
    return true;
  } catch {
    return false;
  }
}

function giveUp(debt: Debt, events: readonly AuditEvent[], logger: Logger): void {
  debt.lost += events.length;
  for (const { requestId, outcome } of events) logger.error("an audit completion was lost", { requestId, outcome });
}

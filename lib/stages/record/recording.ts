import { createFloodControl, type FloodControl, type FloodOptions } from "../../audit/flood";
import type { AuditEvent, AuditRecord } from "../../audit/record";
import type { ContentSeal, ContentVault } from "../../content-vault";
import { UncertainAppend } from "../../audit/uncertain-append";
import { Denial } from "../../denial";
import type { AuditLog } from "../../ports/audit-log";
import type { AuditObserver } from "../../ports/audit-sink";
import type { Clock } from "../../ports/clock";
import type { Logger } from "../../ports/logger";
import type { Facts } from "./call-facts";
import { createOwedRecords, type OwedRecords } from "./owed-records";
import { createSinkFeed, type SinkFeed } from "./sink-feed";
import { tellOutage } from "./tell-outage";

export interface RecorderParts {
  readonly log: AuditLog;
  readonly sinks: readonly AuditObserver[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long the trail may take. Default 2,000 ms. */
  readonly timeoutMs?: number;
  readonly flood?: FloodOptions;
  /** Absent: no text of any call is kept. */
  readonly content?: ContentVault;
}

/** What is remembered of a call until its completion. */
export interface Begun {
  /** What its intent said. */
  readonly facts: Facts;
  /** Null where no text is kept. */
  readonly seal: ContentSeal | null;
}

/** What the recorder's methods share. */
export interface Recording {
  readonly parts: RecorderParts;
  readonly timeoutMs: number;
  readonly feed: SinkFeed;
  readonly owed: OwedRecords;
  readonly flood: FloodControl;
  /** Resolves with the records when they are durable; rejects when they are not in time. */
  readonly append: (events: readonly AuditEvent[]) => Promise<readonly AuditRecord[]>;
  /** The calls whose completion is to come, by request id. */
  readonly begun: Map<string, Begun>;
  readonly counts: { refusedUnrecorded: number; completionsLate: number; completionsRepeated: number };
}

const TIMEOUT_MS = 2_000;

export function openRecording(parts: RecorderParts): Recording {
  const { log, sinks, clock, logger, timeoutMs = TIMEOUT_MS } = parts;
  const feed = createSinkFeed(sinks, logger);
  log.onLate?.(feed.tell);
  const told = tellOutage({ clock, logger });
  const append = (events: readonly AuditEvent[]): Promise<readonly AuditRecord[]> =>
    told(within(write(log, feed, events), timeoutMs));
  return {
    ...{ parts, timeoutMs, feed, append },
    owed: createOwedRecords({ append, logger }),
    flood: createFloodControl({ ...parts.flood, append, clock }),
    begun: new Map(),
    counts: { refusedUnrecorded: 0, completionsLate: 0, completionsRepeated: 0 },
  };
}

/** What sinks are told follows the trail, not the time-out: a log that overruns may yet write. */
async function write(log: AuditLog, feed: SinkFeed, events: readonly AuditEvent[]): Promise<readonly AuditRecord[]> {
  const records = await log.append(events);
  feed.tell(records);
  return records;
}

async function within<T>(written: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const overrun = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new UncertainAppend("The audit trail did not answer in time.")), timeoutMs);
  });
  try {
    return await Promise.race([written, overrun]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whatever kept a record from being durable is one refusal to the client, counted and not recorded. */
export async function orUnavailable<T>({ counts }: Recording, written: Promise<T>): Promise<T> {
  try {
    return await written;
  } catch (cause) {
    counts.refusedUnrecorded += 1;
    throw new Denial("audit_unavailable", { reason: "audit_unavailable", cause });
  }
}

import { setTimeout as sleep } from "node:timers/promises";
import { within } from "../../../lib/auth/within";
import type { AuditEvent, AuditRecord } from "../../../lib/audit/record";
import { UncertainAppend } from "../../../lib/audit/uncertain-append";
import type { AuditLog } from "../../../lib/ports/audit-log";
import type { Clock } from "../../../lib/ports/clock";
import type { Logger } from "../../../lib/ports/logger";
import { createShipper, type Shipper } from "./shipper";
import { openSpoolFile, type SpoolFile } from "./spool-file";
import { spoolLine } from "./spool-lines";

export interface SpoolParts {
  readonly path: string;
  readonly node: string;
  readonly maxBytes: number;
  readonly maxMs: number;
  /** Where the events belong. */
  readonly log: AuditLog;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Gets records that the trail took from the spool. */
  tell(records: readonly AuditRecord[]): void;
}

/** Events on their way to a trail that is out of reach. */
export interface Spool {
  /** True while the trail has everything: it may be written directly. */
  isEmpty(): boolean;
  /** Resolves when the events are on disk; rejects at the bounds, with an UncertainAppend when the disk fails. */
  keep(events: readonly AuditEvent[]): Promise<void>;
  /** Events that the trail does not have yet; at least 1 while it must not be written directly. */
  waiting(): number;
  /** Intents of earlier boots that came out of the spool and have no end in it. Rejects while the trail is out of reach. */
  leftOpen(): Promise<readonly AuditRecord[]>;
  /** Goes on writing to the trail for so long; what is left then is written after the next start. */
  close(limitMs: number): Promise<void>;
}

interface Line {
  readonly events: readonly AuditEvent[];
  resolve(): void;
  reject(error: Error): void;
}

interface Pile {
  readonly lines: Line[];
  /** Appends that are not on disk yet. */
  unwritten: number;
  bytes: number;
  writing: Promise<void> | null;
  closed: boolean;
}

/** Opens the spool of a node. What an earlier boot left in it is written to the trail at once. */
export async function createSpool(parts: SpoolParts): Promise<Spool> {
  const file = await openSpoolFile(parts.path, parts.node);
  const pile: Pile = { lines: [], unwritten: 0, bytes: 0, writing: null, closed: false };
  const shipper = createShipper({ ...parts, file, isWritten: () => pile.unwritten === 0 });
  return Object.freeze<Spool>({
    isEmpty: shipper.isIdle,
    keep: (events) => keep(parts, file, shipper, pile, events),
    waiting: shipper.waiting,
    leftOpen: shipper.leftOpen,
    async close(limitMs: number): Promise<void> {
      pile.closed = true;
      await pile.writing;
      await shipper.stop(limitMs);
      await file.close();
    },
  });
}

async function keep(
  { maxBytes, maxMs, logger }: SpoolParts,
  file: SpoolFile,
  shipper: Shipper,
  pile: Pile,
  events: readonly AuditEvent[],
): Promise<void> {
  if (pile.closed) throw new Error("The audit log is closed.");
  const bytes = spoolLine(Number.MAX_SAFE_INTEGER, events).length;
  if (file.size() + pile.bytes + bytes > maxBytes) throw new Error("The audit spool is full.");
  if (shipper.outOfReachMs() > maxMs) throw new Error("The audit trail has been out of reach for too long.");
  if (shipper.isIdle()) logger.warn("the audit trail is out of reach: events are kept in the spool");
  pile.unwritten += 1;
  pile.bytes += bytes;
  shipper.begin();
  try {
    await queued(file, pile, events);
    shipper.added(events.length);
  } finally {
    pile.unwritten -= 1;
    pile.bytes -= bytes;
  }
}

function queued(file: SpoolFile, pile: Pile, events: readonly AuditEvent[]): Promise<void> {
  return new Promise((resolve, reject) => {
    pile.lines.push({ events, resolve, reject });
    pile.writing ??= writeLines(file, pile);
  });
}

/** What comes while one group is synced makes up the next. */
async function writeLines(file: SpoolFile, pile: Pile): Promise<void> {
  while (pile.lines.length > 0) {
    const group = pile.lines.splice(0);
    try {
      await within(
        file.append((offset) => textOf(group, offset)),
        WRITE_MS,
      );
      for (const line of group) line.resolve();
    } catch (cause) {
      const error = new UncertainAppend("The audit spool could not be written.", { cause });
      for (const line of group) line.reject(error);
      await sleep(PAUSE_MS);
    }
  }
  pile.writing = null;
}

/** A disk that hangs must not keep callers longer than a trail that does. */
const WRITE_MS = 900;
const PAUSE_MS = 20;

function textOf(group: readonly Line[], offset: number): string {
  let text = "";
  let at = offset;
  for (const { events } of group) {
    const line = spoolLine(at, events);
    text += line;
    at += Buffer.byteLength(line);
  }
  return text;
}

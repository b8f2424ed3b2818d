import { capEvent } from "../../../lib/audit/cap-event";
import type { AuditEvent, AuditRecord } from "../../../lib/audit/record";
import { UncertainAppend } from "../../../lib/audit/uncertain-append";
import { within } from "../../../lib/auth/within";
import type { AppendOptions, AuditLog } from "../../../lib/ports/audit-log";
import type { SpooledLogParts } from "../../../lib/ports/audit-spool";
import { createSpool, type Spool } from "./spool";

/** A hanging trail is left for the spool before those who wait for the record give up. */
const TRAIL_MS = 1_000;
const CLOSE_MS = 2_000;
const MAX_BYTES = 1_073_741_824;
const MAX_MS = 900_000;

/**
 * The trail with a second place for its events: while it is out of reach they are kept in a local file, each synced to
 * disk before its append resolves, and are written to the trail in their order as soon as it is back. What may have
 * reached the trail all the same is passed over there. At the spool's bounds appends are rejected. Checkpoints are never
 * kept: they speak of the trail as it stands.
 */
export function spooledAuditLog(parts: SpooledLogParts): AuditLog {
  const { log, newId } = parts;
  const { path, maxBytes = MAX_BYTES, maxMs = MAX_MS } = parts.spool;
  let spool: Spool | null = null;
  let listener: (records: readonly AuditRecord[]) => void = () => undefined;

  async function openSpool(): Promise<void> {
    spool ??= await createSpool({ ...parts, path, maxBytes, maxMs, tell: (records) => listener(records) });
  }

  async function append(events: readonly AuditEvent[], how?: AppendOptions): Promise<readonly AuditRecord[]> {
    const named = events.map((event) => withId(event, newId));
    const kept = spool !== null && named.every(({ kind }) => kind !== "checkpoint") ? spool : null;
    if (kept?.isEmpty() === false) return keep(kept, named);
    if (spool?.isEmpty() === false) throw new Error("There is no checkpoint while events wait to be written.");
    try {
      return await within(log.append(named, how), TRAIL_MS);
    } catch (error) {
      if (kept === null) throw error;
      return keep(kept, named);
    }
  }

  return Object.freeze<AuditLog>({
    append,
    async claim(): Promise<void> {
      await log.claim();
      await openSpool();
    },
    read: log.read,
    heads: log.heads,
    /** What an earlier boot left in the spool is written first: it may hold the ends of these calls, and other calls without one. */
    async openIntents(): Promise<readonly AuditRecord[]> {
      const left = (await spool?.leftOpen()) ?? [];
      return [...left, ...(await log.openIntents())];
    },
    async close(): Promise<void> {
      await spool?.close(CLOSE_MS);
      await log.close();
    },
    onLate: (next: typeof listener) => void (listener = next),
    waiting: () => spool?.waiting() ?? 0,
  });
}

async function keep(spool: Spool, events: readonly AuditEvent[]): Promise<readonly AuditRecord[]> {
  try {
    await spool.keep(events.map(capEvent));
    return [];
  } catch (cause) {
    if (cause instanceof UncertainAppend) throw cause;
    throw new UncertainAppend("The audit trail is out of reach, and its spool takes no more.", { cause });
  }
}

function withId(event: AuditEvent, newId: () => string): AuditEvent {
  return event.requestId !== null || event.kind === "checkpoint" ? event : { ...event, requestId: newId() };
}

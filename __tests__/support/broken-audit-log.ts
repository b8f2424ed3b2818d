import { memoryAuditLog, memoryTrail, type MemoryTrail } from "../../adapters/audit/memory";
import type { SignedCheckpoint } from "../../lib/audit/checkpoint";
import type { AuditEvent } from "../../lib/audit/record";
import type { TrailUnderTest } from "../../lib/conformance";
import type { AuditLog, AuditLogOptions } from "../../lib/ports/audit-log";

/** What a log could do wrong: its part of the methods in place of the right ones. */
export type Fault = (
  right: AuditLog,
  context: { readonly options: AuditLogOptions; readonly trail: MemoryTrail },
) => Partial<AuditLog>;

export function brokenTrail(fault: Fault): TrailUnderTest {
  const trail = memoryTrail();
  return {
    log: (options) => {
      const right = memoryAuditLog(options, trail);
      return { ...right, ...fault(right, { options, trail }) };
    },
    close: async () => undefined,
  };
}

/** A log that changes what it is given. */
export function appending(change: (events: readonly AuditEvent[]) => readonly AuditEvent[]): Fault {
  return (right) => ({ append: (events) => right.append(change(events)) });
}

/** A log that changes the checkpoints it took. */
export function resealing(change: Partial<SignedCheckpoint>): Fault {
  return (right) => ({
    append: async (events) =>
      (await right.append(events)).map((record) => {
        const { checkpoint } = record;
        return checkpoint === null ? record : { ...record, checkpoint: { ...checkpoint, ...change } };
      }),
  });
}

import type { AuditRecord } from "../../audit/record";
import type { AuditObserver } from "../../ports/audit-sink";

/** The host's `onDecision` as an observer: it sees frozen records, late, and can change nothing. */
export function decisionSink(onDecision: (record: AuditRecord) => void): AuditObserver {
  return Object.freeze({
    name: "onDecision",
    write(records: readonly AuditRecord[]): void {
      for (const record of records) onDecision(record);
    },
  });
}

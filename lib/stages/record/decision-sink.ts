import type { AuditRecord } from "../../audit/record";
import type { AuditSink } from "../../ports/audit-log";

/** The host's `onDecision` as one more sink: it sees frozen records, late, and can change nothing. */
export function decisionSink(onDecision: (record: AuditRecord) => void): AuditSink {
  return Object.freeze({
    name: "onDecision",
    write(records: readonly AuditRecord[]): void {
      for (const record of records) onDecision(record);
    },
  });
}

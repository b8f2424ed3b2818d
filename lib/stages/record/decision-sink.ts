import type { AuditRecord } from "../../audit/record";
import type { AuditObserver } from "../../ports/audit-sink";

/** The host's `onDecision` as an observer: it sees frozen records, late, and can change nothing. */
export function decisionSink(onDecision: (record: AuditRecord) => void): AuditObserver {
  return Object.freeze({
    name: "onDecision",
    /** One that throws, or rejects, keeps none of the others from it. */
    async write(records: readonly AuditRecord[]): Promise<void> {
      const tell = async (record: AuditRecord): Promise<unknown> => onDecision(record);
      await Promise.all(records.map(tell));
    },
  });
}

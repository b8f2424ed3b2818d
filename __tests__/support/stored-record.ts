import { capEvent } from "../../lib/audit/cap-event";
import { auditEvent, type AuditEvent } from "../../lib/audit/record";
import { CHAIN_START, stampRecord } from "../../lib/audit/stamp-record";
import type { StoredRecord } from "../../lib/ports/audit-log";

/** A record as a sink gets it, without a trail. */
export function storedRecord(seq: number, facts: Partial<AuditEvent> = {}, node = "n"): StoredRecord {
  const { kind = "refusal", ...rest } = facts;
  const event = capEvent(auditEvent(kind, 0, rest));
  const { record, bytes, link, columns } = stampRecord({ ...CHAIN_START, seq: seq - 1 }, { node, boot: "b" }, event);
  return { record, bytes, columns, hash: Buffer.from(link).toString("hex"), position: String(seq) };
}

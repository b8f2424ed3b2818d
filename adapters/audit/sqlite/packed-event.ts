import { canonicalFrame } from "../../../lib/audit/canonical";
import { columnText } from "../../../lib/audit/chain-row";
import { isAgain, type GivenEvent } from "../../../lib/audit/given-events";
import type { AuditEvent, RecordKind } from "../../../lib/audit/record";
import type { Writer } from "../../../lib/audit/stamp-record";
import type { SqliteValue } from "../../stores/sqlite-driver";

/** Columns of a row that follow from the event alone, in the order of the insert. */
export type EventColumns = readonly [
  at: string,
  kind: RecordKind,
  organization: string | null,
  user: string | null,
  keyId: string | null,
  requestId: string | null,
  ...rest: readonly SqliteValue[],
];

/** What the writing thread needs of an event; strings travel faster than objects with fifty members. */
export type PackedEvent = readonly [
  before: string,
  after: string,
  /** `again`: is passed over when it is on record. An event: of a checkpoint, which the thread completes. */
  special: "again" | AuditEvent | null,
  ...columns: EventColumns,
];

export function packEvent(writer: Writer, event: GivenEvent): PackedEvent {
  const { before, after } = canonicalFrame(writer, event);
  const special = event.kind === "checkpoint" ? event : isAgain(event) ? "again" : null;
  return [
    ...([
      before,
      after,
      special,
      event.at,
      event.kind,
      columnText(event.organization),
      columnText(event.user),
    ] as const),
    ...([columnText(event.keyId), columnText(event.requestId), columnText(event.protocol)] as const),
    ...([columnText(event.model), event.decision, event.reason, event.status, event.outcome] as const),
  ];
}

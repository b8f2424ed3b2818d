import { ConfigurationError } from "../denial";
import type { AuditLogOptions } from "../ports/audit-log";
import type { SignedCheckpoint } from "./checkpoint";
import { canonicalBytes } from "./canonical";
import { chainColumns, type ChainColumns } from "./chain-row";
import { GENESIS, linkHash } from "./hash-chain";
import { auditEvent, EVENT_MEMBERS, RECORD_VERSION, type AuditEvent, type AuditRecord } from "./record";

/** Where a chain stands: the position and link of its last record. */
export interface ChainEnd {
  readonly seq: number;
  readonly link: Uint8Array;
}

/** Before the first record. */
export const CHAIN_START: ChainEnd = Object.freeze({ seq: 0, link: GENESIS });

/** Who writes: the chain's name, and which start of it. */
export interface Writer {
  readonly node: string;
  readonly boot: string;
}

export interface StampedRecord extends ChainEnd {
  readonly record: AuditRecord;
  readonly bytes: Uint8Array;
  readonly columns: ChainColumns;
}

/** The record that a capped event becomes after `end`. The one place where positions and links are given out. */
export function stampRecord(end: ChainEnd, writer: Writer, event: AuditEvent): StampedRecord {
  const seq = end.seq + 1;
  const record = recordAt(writer, seq, event);
  const bytes = canonicalBytes(record);
  const link = linkHash(end.link, writer.node, writer.boot, seq, bytes);
  return { seq, link, record, bytes, columns: chainColumns(record) };
}

/** All records are copies of one: that takes a tenth of the time that giving one its fifty members does. */
const BLANK: AuditRecord = { ...auditEvent("admin", 0, {}), v: RECORD_VERSION, node: "", boot: "", seq: 0 };

export function recordAt({ node, boot }: Writer, seq: number, event: AuditEvent): AuditRecord {
  const record = { ...BLANK, node, boot, seq };
  for (const name of EVENT_MEMBERS) (record as Record<string, unknown>)[name] = event[name];
  return record;
}

/** Where an event was put: its position, with what the log made of a checkpoint; 0 for an ending that was there already. */
export type Placed = number | { readonly seq: number; readonly checkpoint: SignedCheckpoint };

/** The records that became of appended events. */
export function placedRecords(
  writer: Writer,
  events: readonly AuditEvent[],
  places: readonly Placed[],
): readonly AuditRecord[] {
  return events.flatMap((event, index) => {
    const place = places[index] ?? 0;
    if (place === 0) return [];
    if (typeof place === "number") return [Object.freeze(recordAt(writer, place, event))];
    return [Object.freeze(recordAt(writer, place.seq, { ...event, checkpoint: place.checkpoint }))];
  });
}

/** Throws before anything is written: a log without a key signs nothing. */
export function assertSignable(events: readonly AuditEvent[], { checkpointKey }: AuditLogOptions): void {
  if (checkpointKey === undefined && events.some(({ kind }) => kind === "checkpoint"))
    throw new Error("This audit log has no key to sign checkpoints with.");
}

export function nodeInUse(node: string): ConfigurationError {
  return new ConfigurationError(
    "audit_node_in_use",
    `Another running process already writes this audit trail as node ${JSON.stringify(node)}: stop it, or give this one a name of its own with audit.node.`,
  );
}

/** One call ends once: events of these kinds are passed over when the chain holds one for the same request id. */
export function isEnding(event: AuditEvent): event is AuditEvent & { readonly requestId: string } {
  return (event.kind === "completion" || event.kind === "interrupted") && event.requestId !== null;
}

/** Names stay readable, and mean one thing in every encoding. Throws ConfigurationError. */
export function checkedWriter({ node, boot }: Writer): Writer {
  for (const [part, name] of [
    ["node", node],
    ["boot", boot],
  ] as const) {
    if (!/^[\x21-\x7e]{1,128}$/.test(name)) {
      throw new ConfigurationError(
        "audit_node_name",
        `audit.${part} is ${JSON.stringify(name)}: write 1 to 128 visible ASCII characters, such as "gate-1".`,
      );
    }
  }
  return Object.freeze({ node, boot });
}

import { ConfigurationError } from "../denial";
import { canonicalBytes } from "./canonical";
import { chainColumns, type ChainColumns } from "./chain-row";
import { GENESIS, linkHash } from "./hash-chain";
import { RECORD_VERSION, type AuditEvent, type AuditRecord } from "./record";

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

export function recordAt(writer: Writer, seq: number, event: AuditEvent): AuditRecord {
  return Object.freeze({ ...event, v: RECORD_VERSION, node: writer.node, boot: writer.boot, seq });
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

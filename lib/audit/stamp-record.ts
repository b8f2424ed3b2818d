import { ConfigurationError } from "../denial";
import type { AuditLogOptions } from "../ports/audit-log";
import type { SignedCheckpoint } from "./checkpoint";
import { canonicalFrame, type CanonicalFrame } from "./canonical";
import { chainColumns, type ChainColumns } from "./chain-row";
import { GENESIS, linkText } from "./hash-chain";
import { RECORD_VERSION, type AuditEvent, type AuditRecord, type RecordKind } from "./record";

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

export interface PlacedFrame extends ChainEnd {
  /** The canonical bytes of the record. */
  readonly bytes: Uint8Array;
}

export interface StampedRecord extends PlacedFrame {
  readonly record: AuditRecord;
  readonly columns: ChainColumns;
}

/** The record that a capped event becomes after `end`. */
export function stampRecord(end: ChainEnd, writer: Writer, event: AuditEvent): StampedRecord {
  const placed = placeFrame(end, writer, canonicalFrame(writer, event));
  const record = recordAt(writer, placed.seq, event);
  return { ...placed, record, columns: chainColumns(record) };
}

/** The one place where positions and links are given out. Throws where there is none left. */
export function placeFrame(end: ChainEnd, { node, boot }: Writer, { before, after }: CanonicalFrame): PlacedFrame {
  if (end.seq >= Number.MAX_SAFE_INTEGER) throw new Error(noPlaceAfter(node, end.seq));
  const seq = end.seq + 1;
  const { bytes, link } = linkText(end.link, node, boot, seq, `${before}${seq}${after}`);
  return { seq, link, bytes };
}

/** No chain grows so long. */
function noPlaceAfter(node: string, seq: number): string {
  return (
    `The audit trail has a forged row of the node ${node} at position ${seq} or beyond, behind which there is no place for a record. ` +
    "Run `llm-gate audit verify`, keep a copy of the database as evidence, then delete that row, or give the node another name (audit.node)."
  );
}

/** Written out for the same reason as auditEvent. */
export function recordAt({ node, boot }: Writer, seq: number, e: AuditEvent): AuditRecord {
  // prettier-ignore
  return {
    v: RECORD_VERSION, node, boot, seq,
    kind: e.kind, at: e.at, requestId: e.requestId, clientRequestId: e.clientRequestId,
    clientSessionId: e.clientSessionId, upstreamRequestId: e.upstreamRequestId, protocol: e.protocol,
    operation: e.operation, method: e.method, path: e.path, organization: e.organization, user: e.user,
    keyId: e.keyId, credential: e.credential, bothHeaders: e.bothHeaders, model: e.model, upstream: e.upstream,
    decision: e.decision, reason: e.reason, rule: e.rule, detail: e.detail, status: e.status,
    upstreamStatus: e.upstreamStatus, outcome: e.outcome, epoch: e.epoch, staleAuth: e.staleAuth, source: e.source,
    userAgent: e.userAgent, stream: e.stream, bytesIn: e.bytesIn, bytesOut: e.bytesOut, digestIn: e.digestIn,
    digestOut: e.digestOut, inputTokens: e.inputTokens, outputTokens: e.outputTokens, durationMs: e.durationMs,
    dlp: e.dlp, content: e.content, count: e.count, change: e.change, checkpoint: e.checkpoint,
  };
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
  return isEndingKind(event.kind) && event.requestId !== null;
}

export function isEndingKind(kind: RecordKind): boolean {
  return kind === "completion" || kind === "interrupted";
}

/** Whose chain command lines write, each run as a boot of its own; no gate may have the name. */
export const COMMAND_LINE_NODE = "cli";

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

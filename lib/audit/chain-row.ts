import type { AuditRecord } from "./record";

/** What is kept beside a record to find it by. Derived: `verify` compares it with the record. */
export interface ChainColumns {
  readonly node: string;
  readonly boot: string;
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly organization: string | null;
  readonly user: string | null;
  readonly keyId: string | null;
  readonly requestId: string | null;
  readonly protocol: string | null;
  readonly model: string | null;
  readonly decision: string | null;
  readonly reason: string | null;
  readonly status: number | null;
  readonly outcome: string | null;
}

export const CHAIN_COLUMNS = Object.freeze([
  "node",
  "boot",
  "seq",
  "at",
  "kind",
  "organization",
  "user",
  "keyId",
  "requestId",
  "protocol",
  "model",
  "decision",
  "reason",
  "status",
  "outcome",
] as const satisfies readonly (keyof ChainColumns)[]);

/** One row of the trail: `hash` covers `bytes`, `bytes` is the truth, `columns` are derived. */
export interface ChainRow {
  /** The record's canonical bytes. */
  readonly bytes: Uint8Array;
  /** SHA-256, hex: the link of the chain. */
  readonly hash: string;
  readonly columns: ChainColumns;
}

/** The columns that belong to a record. */
export function chainColumns(record: AuditRecord): ChainColumns {
  return {
    node: record.node,
    boot: record.boot,
    seq: record.seq,
    at: record.at,
    kind: record.kind,
    organization: columnText(record.organization),
    user: columnText(record.user),
    keyId: columnText(record.keyId),
    requestId: columnText(record.requestId),
    protocol: columnText(record.protocol),
    model: columnText(record.model),
    decision: record.decision,
    reason: record.reason,
    status: record.status,
    outcome: record.outcome,
  };
}

/** Finds more than is replaced: pairs of surrogates, too. */
const ODD = /[\0\ud800-\udfff]/;

/** Text as every database keeps it: U+0000 and lone surrogates, which some refuse and others drop, become U+FFFD. */
export function columnText(text: string | null): string | null {
  return text === null || !ODD.test(text) ? text : text.replace(/\0|\p{Surrogate}/gu, "\ufffd");
}

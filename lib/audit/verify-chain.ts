import { canonicalBytes } from "./canonical";
import { canonicalColumns, type StatedColumns } from "./canonical-pattern";
import { CHAIN_COLUMNS, columnText, type ChainColumns, type ChainRow } from "./chain-row";
import { isJsonObject, type JsonValue } from "../json";
import { linkHash } from "./hash-chain";
import type { AuditRecord } from "./record";
import { CHAIN_START, type ChainEnd } from "./stamp-record";

export type ChainFaultReason =
  /** A row of another node's chain. */
  | "foreign_node"
  /** The record at this position is missing, and perhaps more after it. */
  | "gap"
  /** The position was there already. */
  | "order"
  /** The link does not follow from the one before and these bytes. */
  | "bad_hash"
  /** The bytes are not a record. */
  | "unreadable"
  /** They are one, and not in the one form that records are written in. */
  | "not_canonical"
  /** A column, the row's position included, differs from the record. */
  | "column_mismatch";

/** The first thing wrong with a row. */
export interface ChainFault {
  readonly node: string;
  readonly boot: string;
  readonly seq: number;
  readonly reason: ChainFaultReason;
  /** The column that differs. */
  readonly column: string | null;
}

export interface ChainVerifier {
  /** Takes the rows of one node in the order of `seq`; null when the row is sound. */
  next(row: ChainRow): ChainFault | null;
  /** The last row taken: the head of what was verified, if there was no fault. */
  end(): ChainEnd;
}

/**
 * Checks a chain row by row in constant memory. After a fault it goes on from the row as it is, so that later faults
 * are found too. `from` starts in the middle of a chain, after a link that is known to be good.
 * A chain that was cut at its end, or written anew with all its links, looks sound: that takes checkpoints.
 */
export function createChainVerifier(node: string, from: ChainEnd = CHAIN_START): ChainVerifier {
  let end = from;
  return Object.freeze({
    next(row: ChainRow): ChainFault | null {
      const found = firstFault(node, end, row);
      end = { seq: row.columns.seq, link: storedLink(row.hash) };
      return found;
    },
    end: () => end,
  });
}

function firstFault(node: string, end: ChainEnd, row: ChainRow): ChainFault | null {
  const { columns } = row;
  const fault = (reason: ChainFaultReason, column: string | null = null, seq = columns.seq): ChainFault =>
    Object.freeze({ node: columns.node, boot: columns.boot, seq, reason, column });
  if (columns.node !== node) return fault("foreign_node");
  if (columns.seq > end.seq + 1) return fault("gap", null, end.seq + 1);
  if (!(columns.seq > end.seq)) return fault("order");
  if (!followsFrom(end, row)) return fault("bad_hash");
  const stated = canonicalColumns(row.bytes) ?? statedColumns(row.bytes);
  if (typeof stated === "string") return fault(stated);
  const column = differingColumn(columns, stated);
  return column === null ? null : fault("column_mismatch", column);
}

function followsFrom(end: ChainEnd, { columns, bytes, hash }: ChainRow): boolean {
  return linkHash(end.link, columns.node, columns.boot, columns.seq, bytes).toString("hex") === hash;
}

/** A hash that is not 32 bytes was reported as bad; the next row cannot follow from it. */
function storedLink(hash: string): Uint8Array {
  const link = Buffer.from(hash, "hex");
  return link.length === CHAIN_START.link.length ? link : CHAIN_START.link;
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Of any record, or why the bytes are none. */
function statedColumns(bytes: Uint8Array): StatedColumns | "unreadable" | "not_canonical" {
  try {
    const said = JSON.parse(UTF8.decode(bytes)) as JsonValue;
    if (!isJsonObject(said)) return "unreadable";
    const record = said as unknown as AuditRecord;
    return Buffer.compare(canonicalBytes(record), bytes) === 0 ? record : "not_canonical";
  } catch {
    return "unreadable";
  }
}

/** Null when every column is what the record gives. Almost always each is the record's own value. */
function differingColumn(columns: ChainColumns, stated: StatedColumns): string | null {
  for (const name of CHAIN_COLUMNS) {
    if (columns[name] !== stated[name] && columns[name] !== kept(stated[name])) return name;
  }
  return null;
}

function kept(value: unknown): unknown {
  return typeof value === "string" ? columnText(value) : value;
}

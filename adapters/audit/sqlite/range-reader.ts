import type { ChainColumns, ChainRow } from "../../../lib/audit/chain-row";
import { createRangeVerifier, type RangeReport, type RangeStart } from "../../../lib/audit/verify-range";
import { CHAIN_START } from "../../../lib/audit/stamp-record";
import type { SqliteConnection, SqliteValue } from "../../stores/sqlite-driver";

/** One stretch of one node's chain: `after < seq <= through`. */
export interface RowRange {
  readonly node: string;
  readonly after: number;
  readonly through: number;
  /** What the first row follows from; else the row before it. */
  readonly start?: RangeStart;
}

/** Positions beyond what a number can hold are cut, so that a forged one is a fault and not an error of the driver. */
const ROWS = `select node, boot, min(seq, 9007199254740991), record, hash, at, kind, organization, "user", key_id,
  request_id, protocol, model, decision, reason, status, outcome
  from audit where node = ? and seq > ? and seq <= ? order by seq`;

const BEFORE =
  "select min(seq, 9007199254740991) as seq, hash, at from audit where node = ? and seq <= ? order by audit.seq desc limit 1";

/** Reads and checks the rows one by one, in constant memory. */
export function verifyRows(connection: SqliteConnection, range: RowRange, now: number): RangeReport {
  const { node, after, through, start } = range;
  const verifier = createRangeVerifier(node, start ?? rangeStart(connection, node, after), now);
  for (const row of connection.prepare(ROWS).iterateValues(node, after, through)) verifier.next(chainRow(row));
  return verifier.report();
}

/** What is there in place of a link that is not 32 bytes is a fault of its own row; nothing follows from it. */
function rangeStart(connection: SqliteConnection, node: string, after: number): RangeStart {
  const row = after === 0 ? undefined : connection.prepare(BEFORE).get(node, after);
  if (row === undefined) return { ...CHAIN_START, at: null };
  const link = asBytes(row["hash"] ?? null);
  const sound = link.length === CHAIN_START.link.length;
  return { seq: Number(row["seq"]), link: sound ? link : CHAIN_START.link, at: String(row["at"]) };
}

/** What no link was made of. */
const NO_BYTES = new Uint8Array();

/**
 * In the order of ROWS. Whoever can write the table can put any type anywhere: only what is compared is trusted. A record
 * that is text is not what was written, though it reads alike: whoever searches cannot read it.
 */
function chainRow(values: readonly SqliteValue[]): ChainRow {
  const columns = {
    node: values[0],
    boot: typeof values[1] === "string" ? values[1] : "",
    seq: values[2],
    at: values[5],
    kind: values[6],
    organization: values[7],
    user: values[8],
    keyId: values[9],
    requestId: values[10],
    protocol: values[11],
    model: values[12],
    decision: values[13],
    reason: values[14],
    status: values[15],
    outcome: values[16],
  } as unknown as ChainColumns;
  return {
    bytes: values[3] instanceof Uint8Array ? values[3] : NO_BYTES,
    hash: hexOf(asBytes(values[4] ?? null)),
    columns,
  };
}

export function asBytes(value: SqliteValue): Uint8Array {
  return value instanceof Uint8Array ? value : Buffer.from(String(value));
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

import type { CompiledQuery } from "kysely";
import { parseRecord } from "../../../lib/audit/canonical";
import type { ChainColumns } from "../../../lib/audit/chain-row";
import { asBytes, hexOf } from "./range-reader";
import type { AuditRecord } from "../../../lib/audit/record";
import type { Writer } from "../../../lib/audit/stamp-record";
import type { AuditQuery, ChainHead, StoredRecord } from "../../../lib/ports/audit-log";
import type { SqliteConnection, SqliteRow, SqliteValue } from "../../stores/sqlite-driver";
import { readsForward } from "../../../lib/audit/matches-query";
import { openIntentsOf, rowsOf } from "./trail-queries";

export function readRecords(connection: SqliteConnection, query: AuditQuery): readonly StoredRecord[] {
  const records = all(connection, rowsOf(query)).map(storedRecord);
  return readsForward(query) ? records : records.reverse();
}

export function readOpenIntents(connection: SqliteConnection, { node, boot }: Writer): readonly AuditRecord[] {
  return all(connection, openIntentsOf(node, boot)).map((row) => storedRecord(row).record);
}

/** Steps from name to name along the chain's index instead of reading every row. */
export function readHeads(connection: SqliteConnection): readonly ChainHead[] {
  const next = connection.prepare("select min(node) as node from audit where node > ?");
  const last = connection.prepare(
    "select node, boot, min(seq, 9007199254740991) as seq, hash from audit where node = ? order by audit.seq desc limit 1",
  );
  const heads: ChainHead[] = [];
  for (let node = next.get("")?.["node"]; typeof node === "string"; node = next.get(node)?.["node"]) {
    const row = last.get(node);
    if (row !== undefined) heads.push(chainHead(row));
  }
  return heads;
}

function all(connection: SqliteConnection, { sql, parameters }: CompiledQuery): SqliteRow[] {
  return connection.prepare(sql).all(...(parameters as readonly SqliteValue[]));
}

/** Throws when the bytes are not a record: a trail that was tampered with is not read as if it were sound. */
function storedRecord(row: SqliteRow): StoredRecord {
  const { record, hash, key_id, request_id, place, ...columns } = row;
  const bytes = record as Uint8Array;
  return Object.freeze({
    record: Object.freeze(parseRecord(bytes)),
    bytes,
    hash: hex(hash),
    position: String(place),
    columns: Object.freeze({ ...columns, keyId: key_id, requestId: request_id }) as unknown as ChainColumns,
  });
}

function chainHead({ node, boot, seq, hash }: SqliteRow): ChainHead {
  return Object.freeze({ node: String(node), boot: String(boot), seq: Number(seq), hash: hex(hash) });
}

function hex(hash: SqliteValue | undefined): string {
  return hexOf(asBytes(hash ?? null));
}

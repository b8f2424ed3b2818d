import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import { parseRecord } from "../../../lib/audit/canonical";
import { readsForward } from "../../../lib/audit/matches-query";
import type { ChainColumns } from "../../../lib/audit/chain-row";
import type { AuditRecord } from "../../../lib/audit/record";
import type { Writer } from "../../../lib/audit/stamp-record";
import type { AuditQuery, ChainHead, StoredRecord } from "../../../lib/ports/audit-log";
import type { BoundedClient } from "../../postgres/bounded-pool";
import { trailQueries } from "../trail-queries";

/** What reads need of a connection. */
type Reader = Pick<BoundedClient, "query">;
type Row = Readonly<Record<string, unknown>>;

const { rowsOf, openIntentsOf, intentAt } = trailQueries({
  createAdapter: () => new PostgresAdapter(),
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
  position: "position",
});

export async function readRecords(reader: Reader, query: AuditQuery): Promise<readonly StoredRecord[]> {
  const { sql, parameters } = rowsOf(query);
  const records = (await reader.query(sql, parameters)).rows.map(storedRecord);
  return readsForward(query) ? records : records.reverse();
}

/** Intents that one statement looks at: every statement has its time, and a trail has any number of them. */
const PAGE = 20_000;

export async function readOpenIntents(reader: Reader, { node, boot }: Writer): Promise<readonly AuditRecord[]> {
  const open: AuditRecord[] = [];
  for (let after = ""; ;) {
    const next = intentAt(node, after, PAGE);
    const [end] = (await reader.query(next.sql, next.parameters)).rows;
    const through = end === undefined ? null : String(end["request_id"]);
    const { sql, parameters } = openIntentsOf(node, boot, { after, through });
    open.push(...(await reader.query(sql, parameters)).rows.map((row) => storedRecord(row).record));
    if (through === null) return open.sort((one, other) => one.seq - other.seq);
    after = through;
  }
}

/** Steps from name to name along the chain's index instead of reading every row. */
const HEADS = `
  with recursive names (node) as (
    select min(node) from audit
    union all
    select (select min(next.node) from audit as next where next.node > names.node) from names where names.node is not null
  )
  select head.node, head.boot, head.seq, head.hash from names cross join lateral (
    select * from audit where audit.node = names.node order by seq desc limit 1
  ) as head`;

export async function readHeads(reader: Reader): Promise<readonly ChainHead[]> {
  return (await reader.query(HEADS, [])).rows.map(({ node, boot, seq, hash }) =>
    Object.freeze({ node: String(node), boot: String(boot), seq: Number(seq), hash: hex(hash) }),
  );
}

/** Throws when the bytes are not a record: a trail that was tampered with is not read as if it were sound. */
function storedRecord(row: Row): StoredRecord {
  const { record, hash, key_id, request_id, position: _, place, seq, status, ...columns } = row;
  const bytes = record as Uint8Array;
  return Object.freeze({
    record: Object.freeze(parseRecord(bytes)),
    bytes,
    hash: hex(hash),
    position: String(place),
    columns: Object.freeze({
      ...columns,
      keyId: key_id,
      requestId: request_id,
      seq: Number(seq),
      status: status === null ? null : Number(status),
    }) as unknown as ChainColumns,
  });
}

function hex(hash: unknown): string {
  return Buffer.from(hash as Uint8Array).toString("hex");
}

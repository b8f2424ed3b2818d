import type { StampedRecord, Writer } from "../../../lib/audit/stamp-record";
import type { PgClient } from "../../postgres/load-pg";

/** One statement for any number of rows, which keep their order. */
const INSERT = `
  insert into audit (node, boot, seq, record, hash, at, kind, organization, "user", key_id, request_id, protocol, model,
    decision, reason, status, outcome)
  select $1, $2, new.* from unnest($3::bigint[], $4::bytea[], $5::bytea[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::bigint[], $17::text[])
    as new (seq, record, hash, at, kind, organization, "user", key_id, request_id, protocol, model, decision, reason, status,
      outcome)
  order by new.seq`;

export async function insertRecords(client: PgClient, writer: Writer, rows: readonly StampedRecord[]): Promise<void> {
  const column = (name: Exclude<keyof StampedRecord["columns"], "node" | "boot">) =>
    rows.map(({ columns }) => columns[name]);
  await client.query(INSERT, [
    ...[writer.node, writer.boot, column("seq")],
    ...[rows.map(({ bytes }) => Buffer.from(bytes)), rows.map(({ link }) => Buffer.from(link))],
    ...[column("at"), column("kind"), column("organization"), column("user"), column("keyId"), column("requestId")],
    ...[column("protocol"), column("model"), column("decision"), column("reason"), column("status"), column("outcome")],
  ]);
}

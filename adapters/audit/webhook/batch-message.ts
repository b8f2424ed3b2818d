import type { StoredRecord } from "../../../lib/ports/audit-log";

export interface BatchMessage {
  /** The same for the same records, whenever they are sent. */
  readonly id: string;
  readonly body: Uint8Array;
}

/** A batch as one JSON document, in which each record is its canonical bytes: what the trail's hashes cover. */
export function batchMessage(records: readonly StoredRecord[]): BatchMessage {
  const [first, last] = [records[0], records.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError("a batch has at least one record");
  const { node, seq, at } = last.record;
  const head = JSON.stringify({ type: "audit.records", timestamp: at }).slice(0, -1);
  const data = JSON.stringify({ node, first: first.record.seq, last: seq, hash: last.hash }).slice(0, -1);
  const texts = records.map(({ bytes }) => Buffer.from(bytes).toString("utf8"));
  return {
    id: `audit_${last.hash.slice(0, 40)}_${records.length}`,
    body: Buffer.from(`${head},"data":${data},"records":[${texts.join(",")}]}}`, "utf8"),
  };
}

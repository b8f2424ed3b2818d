import { parseRecord } from "../../../lib/audit/canonical";
import { signCheckpoint, type CheckpointSigner, type SignedCheckpoint } from "../../../lib/audit/checkpoint";
import type { Writer } from "../../../lib/audit/stamp-record";
import type { SqliteConnection } from "../../stores/sqlite-driver";
import { readHeads } from "./chain-reader";

/** Takes a checkpoint of all chains as they are inside the transaction that will hold its record. */
export function takeCheckpoint(
  connection: SqliteConnection,
  { node, boot }: Writer,
  at: string,
  signer: CheckpointSigner,
): SignedCheckpoint {
  const heads = readHeads(connection);
  const previous = newestCheckpoint(
    connection,
    heads.map((head) => head.node),
  );
  return signCheckpoint({ node, boot, at, heads, previous }, signer);
}

/** The index that finds a node's records of one kind has them in the order they were written, where they have no request id. */
const NEWEST = `select record from audit where node = ? and kind = 'checkpoint' and request_id is null
  order by rowid desc limit 1`;

function newestCheckpoint(connection: SqliteConnection, nodes: readonly string[]): SignedCheckpoint | null {
  const statement = connection.prepare(NEWEST);
  const found = nodes.flatMap((node) => {
    const row = statement.get(node);
    return row === undefined ? [] : [parseRecord(row["record"] as Uint8Array).checkpoint];
  });
  return found.reduce((newest, next) => ((next?.number ?? 0) > (newest?.number ?? 0) ? next : newest), null);
}

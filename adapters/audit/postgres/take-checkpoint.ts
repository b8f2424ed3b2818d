import { parseRecord } from "../../../lib/audit/canonical";
import { signCheckpoint, type CheckpointSigner, type SignedCheckpoint } from "../../../lib/audit/checkpoint";
import type { StampedRecord, Writer } from "../../../lib/audit/stamp-record";
import type { ChainHead } from "../../../lib/ports/audit-log";
import { lockNumber } from "../../postgres/lock-number";
import type { PgClient } from "../../postgres/load-pg";
import { readHeads } from "./chain-reader";

/** Signs the checkpoint that comes right after `last`, or after the end of the chain when nothing was written yet. */
export type CheckpointTaker = (at: string, last: StampedRecord | undefined) => SignedCheckpoint;

const LOCK = "select pg_advisory_xact_lock($1::bigint)";
const NEWEST = "select record from audit where kind = 'checkpoint' order by position desc limit 1";

/** For a transaction, until whose end no other checkpoint of the trail is taken. */
export async function checkpointTaker(
  client: PgClient,
  writer: Writer,
  signer: CheckpointSigner | null,
): Promise<CheckpointTaker> {
  if (signer === null) throw new Error("This audit log has no key to sign checkpoints with.");
  await client.query(LOCK, [lockNumber("checkpoint")]);
  const heads = await readHeads(client);
  let previous = await newestCheckpoint(client);
  return (at, last) =>
    (previous = signCheckpoint(
      { ...writer, at, heads: last === undefined ? heads : withHead(heads, last), previous },
      signer,
    ));
}

function withHead(heads: readonly ChainHead[], { record, link }: StampedRecord): readonly ChainHead[] {
  const { node, boot, seq } = record;
  const own = { node, boot, seq, hash: Buffer.from(link).toString("hex") };
  return [...heads.filter((head) => head.node !== node), own];
}

async function newestCheckpoint(client: PgClient): Promise<SignedCheckpoint | null> {
  const [row] = (await client.query(NEWEST)).rows;
  return row === undefined ? null : parseRecord(row["record"] as Uint8Array).checkpoint;
}

import type { CheckpointSigner } from "../../../lib/audit/checkpoint";
import type { GivenEvent } from "../../../lib/audit/given-events";
import {
  CHAIN_START,
  stampRecord,
  type ChainEnd,
  type Placed,
  type StampedRecord,
  type Writer,
} from "../../../lib/audit/stamp-record";
import { UncertainAppend } from "../../../lib/audit/uncertain-append";
import type { PgClient } from "../../postgres/load-pg";
import { isRefusal, postgresErrorCode } from "../../postgres/postgres-error";
import { insertRecords } from "./insert-records";
import { passedOver } from "./passed-over";
import { checkpointTaker, type CheckpointTaker } from "./take-checkpoint";
import type { TrailConnection } from "./trail-connection";

export interface ChainWriter {
  /**
   * Writes all events in one durable transaction; gives each one's place.
   * Rejects when nothing was written, with an UncertainAppend when that is not sure. The next call starts afresh.
   */
  write(events: readonly GivenEvent[]): Promise<readonly Placed[]>;
}

export interface ChainWriterParts {
  readonly connection: TrailConnection;
  readonly writer: Writer;
  readonly signer: CheckpointSigner | null;
}

/** Each time, some other writer of the same node was faster. */
const MOST_ATTEMPTS = 100;
const UNIQUE_VIOLATION = "23505";

/**
 * The one place that writes audit rows. Where the chain ended is remembered from the last write, and no lock is held: of
 * two writers that put a record at one place the database refuses the second, who then looks again. What was looked up
 * before an insert that succeeds was therefore still true when it did.
 */
export function createChainWriter({ connection, writer, signer }: ChainWriterParts): ChainWriter {
  let end: ChainEnd | null = null;

  async function attempt(client: PgClient, events: readonly GivenEvent[]): Promise<readonly Placed[] | null> {
    end ??= await readEnd(client, writer);
    const group = events.some(({ kind }) => kind === "checkpoint") ? inTransaction : inOneStatement;
    const written = await group(client, { writer, signer, end, events });
    end = written?.end ?? null;
    return written?.places ?? null;
  }

  return Object.freeze({
    async write(events: readonly GivenEvent[]): Promise<readonly Placed[]> {
      if (events.length === 0) return [];
      const client = await connection.open();
      try {
        for (let attempts = 0; attempts < MOST_ATTEMPTS; attempts += 1) {
          const places = await attempt(client, events);
          if (places !== null) return places;
        }
        throw new Error(`Too many writers of the node ${writer.node} write at once.`);
      } catch (error) {
        end = null;
        connection.lose();
        throw error;
      }
    },
  });
}

interface Group {
  readonly writer: Writer;
  readonly signer: CheckpointSigner | null;
  readonly end: ChainEnd;
  readonly events: readonly GivenEvent[];
}

interface Written {
  readonly end: ChainEnd;
  readonly places: readonly Placed[];
}

/** Null when another writer was faster. */
async function inOneStatement(client: PgClient, group: Group): Promise<Written | null> {
  const { rows, ...written } = await stampAll(client, group, null);
  return (await isInserted(insertRecords(client, group.writer, rows), "uncertain")) ? written : null;
}

/** A checkpoint covers what others committed, and no two of one trail have the same number. */
async function inTransaction(client: PgClient, group: Group): Promise<Written | null> {
  await client.query("begin isolation level read committed");
  const { rows, ...written } = await stampAll(client, group, await checkpointTaker(client, group.writer, group.signer));
  if (!(await isInserted(insertRecords(client, group.writer, rows), "undone"))) {
    await client.query("rollback");
    return null;
  }
  await isInserted(client.query("commit"), "uncertain");
  return written;
}

/** What became of a statement that got no answer: before the commit the database undoes it. */
async function isInserted(statement: Promise<unknown>, unanswered: "uncertain" | "undone"): Promise<boolean> {
  try {
    await statement;
    return true;
  } catch (cause) {
    if (postgresErrorCode(cause) === UNIQUE_VIOLATION) return false;
    if (isRefusal(cause) || unanswered === "undone") throw cause;
    throw new UncertainAppend("The audit transaction may or may not have been committed.", { cause });
  }
}

async function stampAll(
  client: PgClient,
  { writer, end, events }: Group,
  takeCheckpoint: CheckpointTaker | null,
): Promise<Written & { readonly rows: readonly StampedRecord[] }> {
  const isPassedOver = await passedOver(client, writer, events);
  const rows: StampedRecord[] = [];
  const places = events.map((event): Placed => {
    if (isPassedOver(event)) return 0;
    const last = rows.at(-1);
    const checkpoint = event.kind === "checkpoint" ? (takeCheckpoint?.(event.at, last) ?? null) : null;
    const stamped = stampRecord(last ?? end, writer, checkpoint === null ? event : { ...event, checkpoint });
    rows.push(stamped);
    return checkpoint === null ? stamped.seq : { seq: stamped.seq, checkpoint };
  });
  return { rows, places, end: rows.at(-1) ?? end };
}

const END = "select seq, hash from audit where node = $1 order by seq desc limit 1";

async function readEnd(client: PgClient, { node }: Writer): Promise<ChainEnd> {
  const [last] = (await client.query(END, [node])).rows;
  return last === undefined ? CHAIN_START : { seq: Number(last["seq"]), link: last["hash"] as Uint8Array };
}

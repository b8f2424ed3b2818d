import { isAgain, type GivenEvent } from "../../../lib/audit/given-events";
import type { AuditEvent } from "../../../lib/audit/record";
import type { CheckpointSigner, SignedCheckpoint } from "../../../lib/audit/checkpoint";
import { checkpointSigner } from "../../../lib/audit/checkpoint-key";
import { CHAIN_START, isEnding, stampRecord, type ChainEnd, type Placed } from "../../../lib/audit/stamp-record";
import type { StampedRecord } from "../../../lib/audit/stamp-record";
import { UncertainAppend } from "../../../lib/audit/uncertain-append";
import type { SqliteConnection, SqliteStatement } from "../../stores/sqlite-driver";
import { sqliteErrorName } from "../../stores/sqlite-error";
import { fileIdentity, openTrail, type OpenTrail } from "./open-trail";
import { takeCheckpoint } from "./trail-checkpoints";
import type { WriterSettings } from "./writer-messages";

export interface ChainWriter {
  /**
   * Writes all events in one durable transaction; gives each one's place.
   * Throws when nothing was written, an UncertainAppend when that is not sure. The next call starts afresh.
   */
  write(events: readonly AuditEvent[]): readonly Placed[];
  close(): void;
}

/** The one place that writes audit rows. It blocks, and belongs on a thread of its own. */
export function createChainWriter(settings: WriterSettings): ChainWriter {
  const signer = settings.checkpointKey === undefined ? null : checkpointSigner(settings.checkpointKey);
  let trail: OpenTrail | null = null;

  function close(): void {
    const closing = trail;
    trail = null;
    closing?.connection.close();
  }

  return Object.freeze({
    write(events: readonly AuditEvent[]): readonly Placed[] {
      try {
        trail ??= openTrail(settings);
        return writeAll({ ...settings, trail, signer }, events);
      } catch (error) {
        if (sqliteErrorName(error) !== "BUSY") closeQuietly(close);
        throw error;
      }
    },
    close,
  });
}

/** The first error is the one to tell. */
function closeQuietly(close: () => void): void {
  try {
    close();
  } catch {
    return;
  }
}

interface Writing extends WriterSettings {
  readonly trail: OpenTrail;
  readonly signer: CheckpointSigner | null;
}

function writeAll(writing: Writing, events: readonly AuditEvent[]): readonly Placed[] {
  const { connection, file } = writing.trail;
  if (fileIdentity(writing.path) !== file) throw new Error("The audit database was replaced while it was open.");
  connection.exec("begin immediate");
  try {
    const places = insertAll(writing, events);
    commit(connection);
    return places;
  } catch (error) {
    rollBack(connection);
    throw error;
  }
}

/** The head is read inside the write transaction, so that several writers of one node still make one chain. */
function insertAll(writing: Writing, events: readonly GivenEvent[]): readonly Placed[] {
  const { trail, node } = writing;
  let end = lastRecord(trail, node);
  return events.map((event) => {
    if (isEnding(event) && trail.ending.get(node, event.requestId) !== undefined) return 0;
    if (isAgain(event) && trail.present.get(node, event.kind, event.requestId) !== undefined) return 0;
    const checkpoint = checkpointOf(writing, event);
    const stamped = stampRecord(end, writing, checkpoint === null ? event : { ...event, checkpoint });
    insert(trail.insert, stamped);
    end = stamped;
    return checkpoint === null ? stamped.seq : { seq: stamped.seq, checkpoint };
  });
}

function checkpointOf(writing: Writing, { kind, at }: AuditEvent): SignedCheckpoint | null {
  const { trail, signer } = writing;
  return kind === "checkpoint" && signer !== null ? takeCheckpoint(trail.connection, writing, at, signer) : null;
}

function lastRecord({ last }: OpenTrail, node: string): ChainEnd {
  const row = last.get(node);
  return row === undefined ? CHAIN_START : { seq: Number(row["seq"]), link: row["hash"] as Uint8Array };
}

function insert(statement: SqliteStatement, { bytes, link, columns }: StampedRecord): void {
  const { node, boot, seq, at, kind, organization, user, keyId, requestId, ...rest } = columns;
  const { protocol, model, decision, reason, status, outcome } = rest;
  statement.run(
    ...[node, boot, seq, bytes, link, at, kind, organization, user, keyId, requestId],
    ...[protocol, model, decision, reason, status, outcome],
  );
}

/** A commit that fails on the disk may leave complete frames that a later recovery takes for good. */
function commit(connection: SqliteConnection): void {
  try {
    connection.exec("commit");
  } catch (cause) {
    const name = sqliteErrorName(cause);
    if (name === "BUSY" || name === "FULL") throw cause;
    throw new UncertainAppend("The audit transaction may or may not have been committed.", { cause });
  }
}

/** Some errors have rolled back already. */
function rollBack(connection: SqliteConnection): void {
  try {
    connection.exec("rollback");
  } catch {
    return;
  }
}

import type { CheckpointSigner, SignedCheckpoint } from "../../../lib/audit/checkpoint";
import { checkpointSigner } from "../../../lib/audit/checkpoint-key";
import type { AuditEvent } from "../../../lib/audit/record";
import {
  CHAIN_START,
  isEndingKind,
  placeFrame,
  type ChainEnd,
  type Placed,
  type Writer,
} from "../../../lib/audit/stamp-record";
import { UncertainAppend } from "../../../lib/audit/uncertain-append";
import type { SqliteConnection } from "../../stores/sqlite-driver";
import { sqliteErrorName } from "../../stores/sqlite-error";
import { fileIdentity, openTrail, type OpenTrail } from "./open-trail";
import { packEvent, type PackedEvent } from "./packed-event";
import { takeCheckpoint } from "./trail-checkpoints";
import type { WriterSettings } from "./writer-messages";

export interface ChainWriter {
  /**
   * Writes all events in one durable transaction; gives each one's place.
   * Throws when nothing was written, an UncertainAppend when that is not sure. The next call starts afresh.
   */
  write(events: readonly PackedEvent[]): readonly Placed[];
  close(): void;
}

/** The one place that writes audit rows. It blocks, and belongs on a thread of its own. */
export function createChainWriter(settings: WriterSettings): ChainWriter {
  const signer = settings.checkpointKey === undefined ? null : checkpointSigner(settings.checkpointKey);
  let trail: OpenTrail | null = null;
  let hasFailed = false;

  function close(): void {
    const closing = trail;
    trail = null;
    closing?.connection.close();
  }

  return Object.freeze({
    write(events: readonly PackedEvent[]): readonly Placed[] {
      try {
        trail ??= openTrail(settings, hasFailed);
        hasFailed = false;
        return writeAll({ ...settings, trail, signer }, events);
      } catch (error) {
        if (sqliteErrorName(error) !== "BUSY") {
          closeQuietly(close);
          hasFailed = true;
        }
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

function writeAll(writing: Writing, events: readonly PackedEvent[]): readonly Placed[] {
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
function insertAll(writing: Writing, events: readonly PackedEvent[]): readonly Placed[] {
  const { trail, node } = writing;
  let end = lastRecord(trail, node);
  return events.map((event) => {
    if (isOnRecord(trail, node, event)) return 0;
    const checkpoint = checkpointOf(writing, event);
    end = insert(writing, end, checkpoint === null ? event : completed(writing, event, checkpoint));
    return checkpoint === null ? end.seq : { seq: end.seq, checkpoint };
  });
}

/** One call ends once. */
function isOnRecord({ ending, present }: OpenTrail, node: string, event: PackedEvent): boolean {
  const { 2: special, 4: kind, 8: requestId } = event;
  if (requestId === null) return false;
  if (isEndingKind(kind) && ending.get(node, requestId) !== undefined) return true;
  return special === "again" && present.get(node, kind, requestId) !== undefined;
}

function checkpointOf(writing: Writing, { 3: at, 4: kind }: PackedEvent): SignedCheckpoint | null {
  const { trail, signer } = writing;
  return kind === "checkpoint" && signer !== null ? takeCheckpoint(trail.connection, writing, at, signer) : null;
}

function completed(writer: Writer, { 2: event }: PackedEvent, checkpoint: SignedCheckpoint): PackedEvent {
  return packEvent(writer, { ...(event as AuditEvent), checkpoint });
}

function lastRecord({ last }: OpenTrail, node: string): ChainEnd {
  const row = last.get(node);
  return row === undefined ? CHAIN_START : { seq: Number(row["seq"]), link: row["hash"] as Uint8Array };
}

function insert(writing: Writing, end: ChainEnd, [before, after, , ...columns]: PackedEvent): ChainEnd {
  const { trail, node, boot } = writing;
  const placed = placeFrame(end, writing, { before, after });
  trail.insert.run(node, boot, placed.seq, placed.bytes, placed.link, ...columns);
  return placed;
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

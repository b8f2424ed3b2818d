import { statSync } from "node:fs";
import type { AuditEvent } from "../../../lib/audit/record";
import { CHAIN_START, isEnding, stampRecord, type ChainEnd, type StampedRecord } from "../../../lib/audit/stamp-record";
import { UncertainAppend } from "../../../lib/audit/uncertain-append";
import { openSqlite, type SqliteConnection, type SqliteStatement } from "../../stores/sqlite-driver";
import { sqliteErrorName } from "../../stores/sqlite-error";
import type { WriterSettings } from "./writer-messages";

export interface ChainWriter {
  /**
   * Writes all events in one durable transaction; gives each one's position, 0 for an ending that was there already.
   * Throws when nothing was written, an UncertainAppend when that is not sure. The next call starts afresh.
   */
  write(events: readonly AuditEvent[]): readonly number[];
  close(): void;
}

/** Two waits for a lock, one of the transaction before, still leave time to refuse within a second. */
const BUSY_TIMEOUT_MS = 450;

const LAST = "select seq, hash from audit where node = ? order by seq desc limit 1";
const ENDING =
  "select 1 from audit where node = ? and kind in ('completion', 'interrupted') and request_id = ? limit 1";
const INSERT = `insert into audit (node, boot, seq, record, hash, at, kind, organization, "user", key_id, request_id,
  protocol, model, decision, reason, status, outcome) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

interface OpenTrail {
  readonly connection: SqliteConnection;
  readonly file: string;
  readonly last: SqliteStatement;
  readonly ending: SqliteStatement;
  readonly insert: SqliteStatement;
}

/** The one place that writes audit rows. It blocks, and belongs on a thread of its own. */
export function createChainWriter(settings: WriterSettings): ChainWriter {
  let trail: OpenTrail | null = null;

  function close(): void {
    const closing = trail;
    trail = null;
    closing?.connection.close();
  }

  return Object.freeze({
    write(events: readonly AuditEvent[]): readonly number[] {
      try {
        trail ??= openTrail(settings);
        return writeAll(trail, settings, events);
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

function openTrail({ path, driver }: WriterSettings): OpenTrail {
  const file = fileIdentity(path);
  const connection = openSqlite(path, { busyTimeoutMs: BUSY_TIMEOUT_MS, ...(driver && { driver }) });
  try {
    const [last, ending, insert] = [LAST, ENDING, INSERT].map((sql) => connection.prepare(sql)) as [
      SqliteStatement,
      SqliteStatement,
      SqliteStatement,
    ];
    return { connection, file, last, ending, insert };
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** A file that was replaced or removed would go on taking records that nobody can find again. Throws when it is not there. */
function fileIdentity(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev}:${ino}`;
}

function writeAll(trail: OpenTrail, settings: WriterSettings, events: readonly AuditEvent[]): readonly number[] {
  if (fileIdentity(settings.path) !== trail.file) throw new Error("The audit database was replaced while it was open.");
  trail.connection.exec("begin immediate");
  try {
    const positions = insertAll(trail, settings, events);
    commit(trail.connection);
    return positions;
  } catch (error) {
    rollBack(trail.connection);
    throw error;
  }
}

/** The head is read inside the write transaction, so that several writers of one node still make one chain. */
function insertAll(trail: OpenTrail, settings: WriterSettings, events: readonly AuditEvent[]): readonly number[] {
  let end = lastRecord(trail, settings.node);
  return events.map((event) => {
    if (isEnding(event) && trail.ending.get(settings.node, event.requestId) !== undefined) return 0;
    const stamped = stampRecord(end, settings, event);
    insert(trail.insert, stamped);
    end = stamped;
    return stamped.seq;
  });
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

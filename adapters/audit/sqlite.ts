import { setTimeout as sleep } from "node:timers/promises";
import { givenEvents } from "../../lib/audit/given-events";
import type { AuditEvent, AuditRecord } from "../../lib/audit/record";
import { checkpointSigner } from "../../lib/audit/checkpoint-key";
import { assertSignable, checkedWriter, placedRecords } from "../../lib/audit/stamp-record";
import type { AppendOptions, AuditLog, AuditLogOptions, AuditQuery } from "../../lib/ports/audit-log";
import { openSqlite, type SqliteConnection, type SqliteDriverName } from "../stores/sqlite-driver";
import { createAppendQueue } from "./append-queue";
import { nodeClaim } from "./sqlite/node-claim";
import { readHeads, readOpenIntents, readRecords } from "./sqlite/chain-reader";
import { fileIdentity } from "./sqlite/open-trail";
import { packEvent } from "./sqlite/packed-event";
import { createWriterClient } from "./sqlite/writer-client";

export interface SqliteAuditLogOptions extends AuditLogOptions {
  /** The same as the store's on this file: two SQLite libraries in one process would break each other's locks. */
  readonly driver?: SqliteDriverName;
  /** Records that may wait to be written before appends are rejected at once. Default 10,000. */
  readonly capacity?: number;
  /** Default 2,000 ms. */
  readonly timeoutMs?: number;
}

/** What the writing thread may find when it has done with a group. */
const GROUPS_AHEAD = 8;

/**
 * The audit trail in a SQLite file that a store has opened, and so migrated, before.
 *
 * A thread writes, in groups, one synced transaction each; reads run here and see every commit. Nothing is opened
 * before it is needed. After a full disk, a lock or a lost thread it writes again as soon as the cause is gone.
 */
export function sqliteAuditLog(path: string, options: SqliteAuditLogOptions): AuditLog {
  const { driver, checkpointKey, capacity = 10_000, timeoutMs = 2_000 } = options;
  const writer = checkedWriter(options);
  if (checkpointKey !== undefined) checkpointSigner(checkpointKey);
  const client = createWriterClient({
    ...{ path, ...writer },
    ...(driver && { driver }),
    ...(checkpointKey !== undefined && { checkpointKey }),
  });
  const queue = createAppendQueue({ send: client.send, ahead: GROUPS_AHEAD, timeoutMs, capacity });
  const reader = lazyReader(path, driver);
  const name = nodeClaim(path, writer.node, driver);
  return Object.freeze({
    async append(events: readonly AuditEvent[], how?: AppendOptions): Promise<readonly AuditRecord[]> {
      assertSignable(events, options);
      const given = givenEvents(events, how);
      const places = await queue.append(given.map((event) => packEvent(writer, event)));
      return placedRecords(writer, given, places);
    },
    claim: async () => name.claim(),
    read: async (query: AuditQuery) => reader.use((connection) => readRecords(connection, query)),
    heads: async () => reader.use(readHeads),
    openIntents: async () => reader.use((connection) => readOpenIntents(connection, writer)),
    async close(): Promise<void> {
      await Promise.race([queue.drain(), sleep(timeoutMs, undefined, { ref: false })]);
      await client.close();
      reader.close();
      name.release();
    },
  });
}

interface LazyReader {
  use<T>(read: (connection: SqliteConnection) => T): T;
  close(): void;
}

/** Opened by the first read, and anew after one that failed, or when another file lies at the path. */
function lazyReader(path: string, driver: SqliteDriverName | undefined): LazyReader {
  let connection: SqliteConnection | null = null;
  let file: string | null = null;
  function close(): void {
    connection?.close();
    connection = null;
  }
  return Object.freeze({
    use<T>(read: (connection: SqliteConnection) => T): T {
      try {
        const now = fileIdentity(path);
        if (now !== file) close();
        file = now;
        connection ??= openSqlite(path, { readonly: true, ...(driver && { driver }) });
        return read(connection);
      } catch (error) {
        close();
        throw error;
      }
    },
    close,
  });
}

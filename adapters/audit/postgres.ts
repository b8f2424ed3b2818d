import { setTimeout as sleep } from "node:timers/promises";
import { checkpointSigner } from "../../lib/audit/checkpoint-key";
import { givenEvents, type GivenEvent } from "../../lib/audit/given-events";
import type { AuditEvent, AuditRecord } from "../../lib/audit/record";
import { assertSignable, checkedWriter, placedRecords } from "../../lib/audit/stamp-record";
import type { AppendOptions, AuditLog, AuditLogOptions, AuditQuery } from "../../lib/ports/audit-log";
import { createBoundedPool, type BoundedClient, type BoundedPool } from "../postgres/bounded-pool";
import { boundedSettings, postgresAddress } from "../postgres/postgres-address";
import { readHeads, readOpenIntents, readRecords } from "./postgres/chain-reader";
import { createChainWriter } from "./postgres/chain-writer";
import { createTrailConnection } from "./postgres/trail-connection";
import { nodeName } from "./postgres/node-name";
import type { SentGroup } from "./append-groups";
import { createAppendQueue } from "./append-queue";

export interface PostgresAuditLogOptions extends AuditLogOptions {
  /** Records that may wait to be written before appends are rejected at once. Default 10,000. */
  readonly capacity?: number;
  /** Default 2,000 ms. */
  readonly timeoutMs?: number;
}

const READERS = 2;

/**
 * The audit trail in a PostgreSQL database that a store has opened, and so migrated, before.
 *
 * One connection writes, in groups, one synchronous commit each; others read. Nothing is opened before it is needed.
 * After an outage it writes again as soon as the database takes connections.
 */
export function postgresAuditLog(url: string, options: PostgresAuditLogOptions): AuditLog {
  const { checkpointKey, capacity = 10_000, timeoutMs = 2_000 } = options;
  const writer = checkedWriter(options);
  const signer = checkpointKey === undefined ? null : checkpointSigner(checkpointKey);
  const settings = boundedSettings(postgresAddress(url), timeoutMs);
  const name = nodeName(writer.node);
  const connection = createTrailConnection(settings, name);
  const { write } = createChainWriter({ connection, writer, signer });
  const send = (group: readonly GivenEvent[]): SentGroup => ({ places: write(group), withdraw: () => false });
  const queue = createAppendQueue({ prepare: connection.open, send, timeoutMs, capacity });
  const readers = createBoundedPool({ ...settings, max: READERS });
  return Object.freeze({
    async append(events: readonly AuditEvent[], how?: AppendOptions): Promise<readonly AuditRecord[]> {
      assertSignable(events, options);
      const given = givenEvents(events, how);
      return placedRecords(writer, given, await queue.append(given));
    },
    claim: async () => name.claim(await connection.open()),
    read: (query: AuditQuery) => reading(readers, (client) => readRecords(client, query)),
    heads: () => reading(readers, readHeads),
    writable: () => reading(readers, mayWrite),
    openIntents: () => reading(readers, (client) => readOpenIntents(client, writer)),
    async close(): Promise<void> {
      await Promise.race([queue.drain(), sleep(timeoutMs, undefined, { ref: false })]);
      await connection.close();
      await readers.end();
    },
  });
}

/** No, for a user who may only read, and on a server that follows another or was made read-only. */
async function mayWrite(client: BoundedClient): Promise<boolean> {
  const { rows } = await client.query(
    "select has_table_privilege('audit', 'insert') and current_setting('transaction_read_only') = 'off' as writable",
    [],
  );
  return rows[0]?.["writable"] === true;
}

async function reading<T>(pool: BoundedPool, read: (client: BoundedClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return await read(client);
  } finally {
    client.release();
  }
}

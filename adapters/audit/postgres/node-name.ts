import { nodeInUse } from "../../../lib/audit/stamp-record";
import { lockNumber } from "../../postgres/lock-number";
import type { PgClient } from "../../postgres/load-pg";

/** Holds a node's name by a lock that the database drops with the connection, however that ends. */
export interface NodeName {
  /** Idempotent. Rejects with a ConfigurationError (`audit_node_in_use`) when another holds it. */
  claim(client: PgClient): Promise<void>;
  /** Makes a connection fit for the trail; the name, once claimed, moves to it. */
  greet(client: PgClient): Promise<void>;
}

/** An acknowledged record survives a crash of the server, whatever the database's own setting is. */
const DURABLE = `select set_config('synchronous_commit', 'on', false)
  where current_setting('synchronous_commit') in ('off', 'local', 'remote_write')`;
/** A server that hears nothing of us any more lets the name go within seconds instead of hours. */
const KEEP_ALIVE = `select set_config('tcp_keepalives_idle', '5', false), set_config('tcp_keepalives_interval', '5', false),
  set_config('tcp_keepalives_count', '3', false)`;
const CLAIM = "select pg_try_advisory_lock($1::bigint) as claimed";

export function nodeName(node: string): NodeName {
  const lock = lockNumber("node", node);
  let owner: PgClient | null = null;

  async function take(client: PgClient): Promise<boolean> {
    const { rows } = await client.query(CLAIM, [lock]);
    return rows[0]?.["claimed"] === true;
  }

  return Object.freeze({
    async claim(client: PgClient): Promise<void> {
      if (owner === client) return;
      if (!(await take(client))) throw nodeInUse(node);
      owner = client;
    },
    /** The database may not have noticed yet that the connection before is gone: writing does not wait for that. */
    async greet(client: PgClient): Promise<void> {
      await client.query(DURABLE);
      await client.query(KEEP_ALIVE);
      if (owner !== null && (await take(client))) owner = client;
    },
  });
}

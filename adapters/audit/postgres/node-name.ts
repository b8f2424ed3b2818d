import { nodeInUse } from "../../../lib/audit/stamp-record";
import { lockNumber } from "../../postgres/lock-number";
import type { PgClient } from "../../postgres/load-pg";

/** Holds a node's name by a lock that the database drops with the connection, however that ends. */
export interface NodeName {
  /** Idempotent. Rejects with a ConfigurationError (`audit_node_in_use`) when another holds it. */
  claim(client: PgClient): Promise<void>;
  /** Makes a connection fit for the trail. */
  greet(client: PgClient): Promise<void>;
  /**
   * Takes the name, once claimed, along to the connection that replaced another; to be called before anything is written
   * on it. Rejects as `claim` does when another process took the name in between: then this one writes no more until that
   * has ended.
   */
  keep(client: PgClient): Promise<void>;
}

/** The name goes with a connection; `holder` is the server's process for it. */
interface Owner {
  readonly client: PgClient;
  readonly holder: number;
}

/** An acknowledged record survives a crash of the server, whatever the database's own setting is. */
const DURABLE = `select set_config('synchronous_commit', 'on', false)
  where current_setting('synchronous_commit') in ('off', 'local', 'remote_write')`;
/** A server that hears nothing of us any more lets the name go within seconds instead of hours. */
const KEEP_ALIVE = `select set_config('tcp_keepalives_idle', '5', false), set_config('tcp_keepalives_interval', '5', false),
  set_config('tcp_keepalives_count', '3', false)`;
const CLAIM = "select pg_try_advisory_lock($1::bigint) as claimed, pg_backend_pid() as holder";
const HOLDER = `select pid as holder from pg_locks where locktype = 'advisory' and granted and objsubid = 1
  and database = (select oid from pg_database where datname = current_database())
  and (classid::bigint << 32 | objid::bigint) = $1::bigint`;
const RETRY_MS = 1_000;

export function nodeName(node: string): NodeName {
  const lock = lockNumber("node", node);
  let owner: Owner | null = null;
  /** Before that a name which is still with a lost connection of ours is not looked for again. */
  let nextTry = { client: null as PgClient | null, at: -Infinity };

  async function take(client: PgClient): Promise<boolean> {
    const [row] = (await client.query(CLAIM, [lock])).rows;
    if (row?.["claimed"] !== true) return false;
    owner = { client, holder: Number(row["holder"]) };
    return true;
  }

  /** The database may not have noticed yet that the connection before is gone: writing does not wait for that. */
  async function assertOurs(client: PgClient, { holder }: Owner): Promise<void> {
    const [row] = (await client.query(HOLDER, [lock])).rows;
    if (row !== undefined && Number(row["holder"]) !== holder) throw nodeInUse(node);
    nextTry = { client, at: performance.now() + RETRY_MS };
  }

  return Object.freeze({
    async claim(client: PgClient): Promise<void> {
      if (owner?.client === client) return;
      if (!(await take(client))) throw nodeInUse(node);
    },
    async greet(client: PgClient): Promise<void> {
      await client.query(DURABLE);
      await client.query(KEEP_ALIVE);
    },
    async keep(client: PgClient): Promise<void> {
      if (owner === null || owner.client === client) return;
      if (nextTry.client === client && performance.now() < nextTry.at) return;
      if (!(await take(client))) await assertOurs(client, owner);
    },
  });
}

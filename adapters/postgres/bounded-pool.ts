import { loadPg, type PgPoolClient, type PgResult, type PgSettings } from "./load-pg";
import { ownSockets } from "./own-sockets";
import { isRefusal } from "./postgres-error";

/** One connection of a pool, for as long as it is not released. */
export interface BoundedClient {
  query(text: string, values: readonly unknown[]): Promise<PgResult>;
  release(): void;
}

export interface BoundedPool {
  connect(): Promise<BoundedClient>;
  end(): Promise<void>;
}

/**
 * Connections that never make their next user wait for the last one's answer: one that failed or hung is closed and not
 * kept, and from then on it refuses at once. An idle pool keeps no process alive.
 */
export function createBoundedPool(settings: PgSettings): BoundedPool {
  const sockets = ownSockets();
  const pool = new (loadPg().Pool)({
    ...settings,
    stream: sockets.open,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
  });
  // A connection that breaks while nobody uses it is replaced when somebody does; one that is in use tells its user, and
  // says so once more by an event that would end the process if nobody heard it.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => void client.on("error", () => undefined));
  return Object.freeze({
    connect: async () => boundedClient(await pool.connect()),
    end: () => sockets.end(pool.end()),
  });
}

function boundedClient(client: PgPoolClient): BoundedClient {
  let broken = false;
  return Object.freeze({
    async query(text: string, values: readonly unknown[]): Promise<PgResult> {
      if (broken) throw new Error("The connection to the database is lost.");
      try {
        return await client.query(text, values);
      } catch (error) {
        broken = !isRefusal(error);
        throw error;
      }
    },
    release: () => client.release(broken),
  });
}

import { loadPg, type PgClient, type PgSettings } from "../../postgres/load-pg";
import { ownSockets } from "../../postgres/own-sockets";

/** The one connection that writes. */
export interface TrailConnection {
  /** The connection that is open, else a new one. Rejects when there is none to be had in time. */
  open(): Promise<PgClient>;
  /** Gives a connection up that failed; what the server still does on it is its own affair. */
  lose(): void;
  close(): Promise<void>;
}

/** `greet` runs on every connection before anything else does. */
export function createTrailConnection(
  settings: PgSettings,
  greet: (client: PgClient) => Promise<void>,
): TrailConnection {
  const sockets = ownSockets();
  let current: Promise<PgClient> | null = null;

  async function connect(forget: () => void): Promise<PgClient> {
    const client = new (loadPg().Client)({ ...settings, stream: sockets.open });
    client.on("error", forget);
    client.on("end", forget);
    try {
      await client.connect();
      await greet(client);
      return client;
    } catch (error) {
      forget();
      void ended(client);
      throw error;
    }
  }

  function open(): Promise<PgClient> {
    if (current !== null) return current;
    const connecting = connect(() => {
      if (current === connecting) current = null;
    });
    current = connecting;
    return connecting;
  }

  function give(): Promise<unknown> {
    const giving = current;
    current = null;
    return giving === null ? Promise.resolve() : giving.then(ended, () => undefined);
  }

  return Object.freeze({
    open,
    lose: () => void give(),
    close: () => sockets.end(give()),
  });
}

function ended(client: PgClient): Promise<void> {
  return client.end().catch(() => undefined);
}

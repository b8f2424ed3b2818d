import { loadPg, type PgClient, type PgSettings } from "../../postgres/load-pg";
import { ownSockets } from "../../postgres/own-sockets";

/** What every connection goes through. */
export interface ConnectionRules {
  /** Runs on a new one before anything else does. */
  greet(client: PgClient): Promise<void>;
  /** Runs whenever it is asked for. */
  keep(client: PgClient): Promise<void>;
}

/** The one connection that writes. */
export interface TrailConnection {
  /** The connection that is open, else a new one. Rejects when there is none to be had in time. */
  open(): Promise<PgClient>;
  /** Gives a connection up that failed; what the server still does on it is its own affair. */
  lose(): void;
  close(): Promise<void>;
}

export function createTrailConnection(settings: PgSettings, rules: ConnectionRules): TrailConnection {
  const sockets = ownSockets();
  let current: Promise<PgClient> | null = null;

  function opened(): Promise<PgClient> {
    if (current !== null) return current;
    const connecting = connect({ ...settings, stream: sockets.open }, rules, () => {
      if (current === connecting) current = null;
    });
    current = connecting;
    return connecting;
  }

  async function open(): Promise<PgClient> {
    const opening = opened();
    const client = await opening;
    try {
      await rules.keep(client);
      return client;
    } catch (error) {
      if (current === opening) void give();
      throw error;
    }
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

async function connect(settings: PgSettings, { greet }: ConnectionRules, forget: () => void): Promise<PgClient> {
  const client = new (loadPg().Client)(settings);
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

function ended(client: PgClient): Promise<void> {
  return client.end().catch(() => undefined);
}

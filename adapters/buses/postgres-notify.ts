import type { Bus } from "../../lib/ports/bus";
import { createBoundedPool } from "../postgres/bounded-pool";
import { loadPg, type PgSettings } from "../postgres/load-pg";
import { ownSockets } from "../postgres/own-sockets";
import { boundedSettings, postgresAddress } from "../postgres/postgres-address";
import { keepSubscribed, type HintLine } from "./keep-subscribed";

/** What a gate's own transactions announce too. */
export const CHANNEL = "llm_gate_changes";

const LIMIT_MS = 1_000;

/**
 * LISTEN and NOTIFY of the database that the store is in. The PostgreSQL store brings it along, and its transactions
 * announce themselves; made by hand it is for another database, or another address of the same: poolers that share
 * connections between clients carry no LISTEN.
 */
export function postgresNotifyBus(url: string): Bus {
  const settings = boundedSettings(postgresAddress(url), LIMIT_MS);
  const publishers = createBoundedPool({ ...settings, max: 1 });
  let closed: Promise<void> | null = null;
  return Object.freeze({
    name: "postgres-notify",
    async publish(epoch: number): Promise<void> {
      const client = await publishers.connect();
      try {
        await client.query("select pg_notify($1, $2)", [CHANNEL, String(epoch)]);
      } finally {
        client.release();
      }
    },
    subscribe: async (onHint: (epoch: number | null) => void, onLine?: (failure: unknown) => void) =>
      keepSubscribed({ connect: (onEpoch) => listen(settings, onEpoch), onHint, onLine }),
    close: () => (closed ??= publishers.end()),
  });
}

async function listen(settings: PgSettings, onEpoch: (text: string) => void): Promise<HintLine> {
  const sockets = ownSockets();
  const client = new (loadPg().Client)({ ...settings, stream: () => sockets.open().unref() });
  const cut = () => void sockets.end(client.end());
  client.on("error", () => undefined);
  client.on("notification", ({ payload }) => onEpoch(payload ?? ""));
  try {
    await client.connect();
    await client.query("listen llm_gate_changes");
  } catch (error) {
    cut();
    throw error;
  }
  return { ping: () => client.query("select 1"), cut };
}

import { ConfigurationError } from "../../lib/denial";
import type { Bus } from "../../lib/ports/bus";
import { keepSubscribed, type HintLine } from "./keep-subscribed";
import { loadRedis, type RedisClient, type RedisSettings } from "./load-redis";
import { createRedisPublisher } from "./redis-publisher";

/** Under which hints are published and heard unless an option says otherwise. */
const CHANNEL = "llm-gate:changes";
const CONNECT_MS = 1_000;

export interface RedisBusOptions {
  /** Gates on one store share it; others must not. Default `llm-gate:changes`. */
  readonly channel?: string;
}

/** Hints over Redis's publish and subscribe: nothing is kept there. `url` is `redis://` or `rediss://`. */
export function redisBus(url: string, { channel = CHANNEL }: RedisBusOptions = {}): Bus {
  const settings = checkedSettings(url);
  const { createClient } = loadRedis();
  const publisher = createRedisPublisher(() => createClient(settings), channel);
  return Object.freeze({
    name: "redis",
    publish: (epoch: number) => publisher.publish(String(epoch)),
    subscribe: async (onHint: (epoch: number | null) => void) =>
      keepSubscribed({
        connect: (onEpoch, signal) => listen(createClient(settings), channel, onEpoch, signal),
        onHint,
      }),
    close: async () => publisher.close(),
  });
}

/** The message never quotes what was given: it may hold a password. */
function checkedSettings(url: unknown): RedisSettings {
  if (typeof url === "string" && URL.canParse(url) && /^rediss?:$/.test(new URL(url).protocol)) {
    return { url, disableOfflineQueue: true, socket: { connectTimeout: CONNECT_MS, reconnectStrategy: false } };
  }
  throw new ConfigurationError(
    "option_invalid",
    'A Redis bus is written as a URL, such as "redis://:password@host:6379"; characters such as @ or / in the password are percent-encoded.',
  );
}

async function listen(
  client: RedisClient,
  channel: string,
  onEpoch: (text: string) => void,
  signal: AbortSignal,
): Promise<HintLine> {
  const cut = () => {
    if (client.isOpen) client.destroy();
  };
  signal.addEventListener("abort", cut, { once: true });
  client.on("error", () => undefined);
  try {
    await client.connect();
    client.unref();
    await client.subscribe(channel, onEpoch);
    return { ping: () => client.ping(), cut };
  } catch (error) {
    cut();
    throw error;
  } finally {
    signal.removeEventListener("abort", cut);
  }
}

import type { Bus } from "../../lib/ports/bus";
import { keepSubscribed, type HintLine } from "./keep-subscribed";
import { loadRedis, type RedisClient } from "./load-redis";
import { createRedisPublisher } from "./redis-publisher";
import { redisSettings } from "./redis-settings";

/** Under which hints are published and heard unless an option says otherwise. */
const CHANNEL = "llm-gate:changes";

export interface RedisBusOptions {
  /** Gates on one store share it; others must not. Default `llm-gate:changes`. */
  readonly channel?: string;
}

/** Hints over Redis's publish and subscribe: nothing is kept there. `url` is `redis://` or `rediss://`. */
export function redisBus(url: string, { channel = CHANNEL }: RedisBusOptions = {}): Bus {
  const settings = redisSettings(url);
  const { createClient } = loadRedis();
  const publisher = createRedisPublisher(() => createClient(settings), channel);
  return Object.freeze({
    name: "redis",
    publish: (epoch: number) => publisher.publish(String(epoch)),
    subscribe: async (onHint: (epoch: number | null) => void, onLine?: (failure: unknown) => void) =>
      keepSubscribed({
        connect: (onEpoch, signal) => listen(createClient(settings), channel, onEpoch, signal),
        ...{ onHint, onLine },
      }),
    close: async () => publisher.close(),
  });
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
    throw refusal(error);
  } finally {
    signal.removeEventListener("abort", cut);
  }
}

/** What a Redis refuses with begins with a word in capitals, such as WRONGPASS: that may be logged, unlike what follows it. */
function refusal(error: unknown): unknown {
  const [, code] = /^([A-Z]{4,}) /.exec(error instanceof Error ? error.message : "") ?? [];
  return code === undefined ? error : Object.assign(new Error("Redis refuses.", { cause: error }), { code });
}

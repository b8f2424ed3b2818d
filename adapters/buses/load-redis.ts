import { createRequire } from "node:module";
import { ConfigurationError } from "../../lib/denial";

/** One client: typed by the methods called on it, since the package may not be there. */
export interface RedisClient {
  on(event: "error", listener: (error: Error) => void): unknown;
  connect(): Promise<unknown>;
  ping(): Promise<unknown>;
  publish(channel: string, message: string): Promise<unknown>;
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  /** Lets the process end although the client is connected. */
  unref(): void;
  /** Cuts the connection and rejects what waits. */
  destroy(): void;
  readonly isOpen: boolean;
  readonly isReady: boolean;
}

export interface RedisSettings {
  readonly url: string;
  readonly disableOfflineQueue: boolean;
  readonly socket: { readonly connectTimeout: number; readonly reconnectStrategy: false };
}

interface Redis {
  createClient(settings: RedisSettings): RedisClient;
}

/** node-redis is an optional peer: whoever names a Redis bus installs it. Throws ConfigurationError. */
export function loadRedis(): Redis {
  try {
    return createRequire(__filename)("redis") as Redis;
  } catch (cause) {
    throw new ConfigurationError(
      "redis_driver_missing",
      "A Redis bus needs the package redis, which could not be loaded: run `npm install redis`.",
      cause,
    );
  }
}

import { ConfigurationError } from "../../lib/denial";
import type { RedisSettings } from "./load-redis";

const CONNECT_MS = 1_000;

/** Settings for one client of a Redis URL. Throws ConfigurationError, which never quotes what was given: it may hold a password. */
export function redisSettings(url: unknown): RedisSettings {
  if (typeof url === "string" && URL.canParse(url) && /^rediss?:$/.test(new URL(url).protocol)) {
    return { url, disableOfflineQueue: true, socket: { connectTimeout: CONNECT_MS, reconnectStrategy: false } };
  }
  throw new ConfigurationError(
    "option_invalid",
    'A Redis bus is written as a URL, such as "redis://:password@host:6379"; characters such as @ or / in the password are percent-encoded.',
  );
}

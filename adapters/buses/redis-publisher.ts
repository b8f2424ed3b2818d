import { setTimeout as sleep } from "node:timers/promises";
import type { RedisClient } from "./load-redis";

export interface RedisPublisher {
  publish(message: string): Promise<void>;
  close(): void;
}

const LIMIT_MS = 1_000;

interface Line {
  readonly client: RedisClient;
  readonly ready: Promise<unknown>;
}

/** Connects when there is something to say; a connection that fails or is silent is given up. */
export function createRedisPublisher(create: () => RedisClient, channel: string): RedisPublisher {
  let current: Line | null = null;

  function open(): Line {
    const client = create();
    client.on("error", () => drop(line));
    const line: Line = { client, ready: client.connect().then(() => client.unref()) };
    return line;
  }

  function drop(line: Line | null): void {
    if (current === line) current = null;
    if (line?.client.isOpen === true) line.client.destroy();
  }

  async function send({ client, ready }: Line, message: string): Promise<"sent"> {
    await ready;
    await client.publish(channel, message);
    return "sent";
  }

  return Object.freeze({
    async publish(message: string): Promise<void> {
      const line = (current ??= open());
      const overrun = sleep(LIMIT_MS, "late" as const, { ref: false });
      const end = await Promise.race([send(line, message), overrun]).catch((cause: unknown) => ({ cause }));
      if (end === "sent") return;
      drop(line);
      throw new Error("Redis did not take the hint.", end === "late" ? {} : end);
    },
    close: () => drop(current),
  });
}

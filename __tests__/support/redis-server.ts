import { describeWith } from "./describe-with";
import { findProgram, freePort, startProgram, type ServerProcess } from "./own-process";

/** A Redis of our own, which tests may stop, kill and freeze; it keeps nothing. */
export interface RedisServer {
  readonly url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  freeze(): void;
  thaw(): void;
}

const program = findProgram("redis-server");

/** Suites on any Redis: the one of TEST_REDIS_URL, else one of our own. */
export const describeWithRedis = describeWith("Redis", program !== null || process.env["TEST_REDIS_URL"] !== undefined);

/** Suites that stop, kill or freeze it: always one of our own. */
export const describeWithOwnRedis = describeWith("Redis", program !== null);

/** The address of a server that is there for all tests of one suite. */
export function redisUrl(): () => string {
  const given = process.env["TEST_REDIS_URL"];
  if (given !== undefined) return () => given;
  const server = ownRedis();
  return () => server().url;
}

/** A server for one suite: started before its tests, killed after them. */
export function ownRedis(): () => RedisServer {
  let server: RedisServer | null = null;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.kill());
  return () => {
    if (server === null) throw new Error("The Redis of this suite has not started.");
    return server;
  };
}

async function startRedis(): Promise<RedisServer> {
  if (program === null) throw new Error("Redis is not installed.");
  const port = await freePort();
  const args = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  let server: ServerProcess | null = null;
  const start = async (): Promise<void> => {
    server = await startProgram(program, args, port);
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    async kill() {
      const ending = server;
      server = null;
      await ending?.end("SIGKILL");
    },
    start,
    freeze: () => server?.freeze(),
    thaw: () => server?.thaw(),
  };
}

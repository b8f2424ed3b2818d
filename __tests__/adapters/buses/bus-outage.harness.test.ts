import { types } from "node:util";
import { postgresNotifyBus } from "../../../adapters/buses/postgres-notify";
import { redisBus } from "../../../adapters/buses/redis";
import { failureOf } from "../../../lib/auth/failure-of";
import type { Bus } from "../../../lib/ports/bus";
import { describeWithOwnPostgres, ownPostgres } from "../../support/postgres-server";
import { describeWithOwnRedis, ownRedis } from "../../support/redis-server";

const BACK_MS = 8_000;

interface Server {
  kill(): Promise<void>;
  start(): Promise<void>;
  freeze(): void;
  thaw(): void;
}

function outages(setting: () => Promise<{ readonly server: Server; readonly bus: Bus }>): void {
  const closing: (() => Promise<void>)[] = [];
  /** What became of the connection, without repetitions. */
  const turns = () => lines.filter((line, at) => line !== lines[at - 1]);
  const lines: string[] = [];
  afterEach(async () => {
    lines.length = 0;
    for (const close of closing.splice(0).reverse()) await close();
  });

  /** Counts what a subscriber of the bus is told; `next` resolves with its next word. */
  async function subscribed(bus: Bus): Promise<() => Promise<number | null>> {
    const words: (number | null)[] = [];
    let tell: () => void = () => undefined;
    closing.push(
      await bus.subscribe(
        (epoch) => (words.push(epoch), tell()),
        (failure) => lines.push(failure === null ? "up" : types.isNativeError(failure) ? "lost" : "odd"),
      ),
    );
    closing.push(() => bus.close());
    return () =>
      new Promise((resolve) => {
        tell = () => {
          const [word] = words.splice(0, 1);
          if (word === undefined) return;
          // A word that comes before the next is asked for waits in the list.
          tell = () => undefined;
          resolve(word);
        };
        tell();
      });
  }

  it("comes back after its server was killed, and says that messages may have been missed", async () => {
    const { server, bus } = await setting();
    const next = await subscribed(bus);
    expect(await next()).toBeNull();
    await server.kill();
    await expect(bus.publish(1)).rejects.toThrow();
    await server.start();
    const began = performance.now();
    expect(await next()).toBeNull();
    expect(performance.now() - began).toBeLessThan(BACK_MS);
    await bus.publish(2);
    expect(await next()).toBe(2);
    expect(turns()).toEqual(["up", "lost", "up"]);
  });

  it("notices a server that hangs, whose connection looks well, and comes back when it runs again", async () => {
    const { server, bus } = await setting();
    const next = await subscribed(bus);
    expect(await next()).toBeNull();
    await bus.publish(1);
    expect(await next()).toBe(1);
    server.freeze();
    const began = performance.now();
    await expect(bus.publish(2)).rejects.toThrow();
    expect(performance.now() - began).toBeLessThan(2_500);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    server.thaw();
    expect(await next()).toBeNull();
    await bus.publish(3);
    const words = [await next()];
    while (words.at(-1) !== 3) words.push(await next());
  });

  it("starts although its server is not there yet", async () => {
    const { server, bus } = await setting();
    await server.kill();
    const next = await subscribed(bus);
    await server.start();
    expect(await next()).toBeNull();
  });
}

describeWithOwnPostgres("the bus of PostgreSQL", () => {
  const server = ownPostgres();
  outages(async () => ({ server: server(), bus: postgresNotifyBus(await server().database()) }));
});

describeWithOwnRedis("the bus of Redis", () => {
  const server = ownRedis();
  let closing: () => Promise<void> = async () => undefined;
  outages(async () => ({ server: server(), bus: redisBus(server().url) }));

  it("says by its code why it is refused, and nothing of the password", async () => {
    const bus = redisBus(server().url.replace("//", "//nobody:s3cret@"));
    const failure = await new Promise<unknown>((resolve) => {
      void bus.subscribe(() => undefined, resolve).then((end) => (closing = end));
    });
    expect(failureOf(failure)).toEqual({ error: "Error", code: "WRONGPASS" });
    await closing();
    await bus.close();
  });
});

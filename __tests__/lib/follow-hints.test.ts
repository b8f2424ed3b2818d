import { memoryStore } from "../../adapters/stores/memory";
import { createSnapshots } from "../../lib/auth/snapshot-cache";
import type { Core } from "../../lib/core";
import { followHints } from "../../lib/follow-hints";
import type { Bus } from "../../lib/ports/bus";
import { handClock, listLogger } from "../support/key-fixture";

/** A bus whose connection does what a test says. */
function handBus(name: string) {
  let tell: (failure: unknown) => void = () => undefined;
  const bus: Bus = {
    name,
    publish: async () => undefined,
    subscribe: async (_, onLine) => {
      tell = onLine ?? tell;
      return async () => undefined;
    },
    close: async () => undefined,
  };
  return { bus, line: (failure: unknown) => tell(failure) };
}

const REFUSED = Object.assign(new Error("connect redis://:hunter2@bus"), { code: "ECONNREFUSED" });

async function setUp() {
  const [own, redis] = [handBus("postgres-notify"), handBus("redis")];
  const [store, logger, clock] = [{ ...memoryStore(), bus: own.bus }, listLogger(), handClock()];
  const snapshots = createSnapshots({ store, clock, logger });
  const options: Core["options"] = { store, bus: redis.bus };
  const hints = followHints({ options, snapshots, logger });
  await hints.start();
  return { hints, logger, own, redis };
}

it("a bus that is lost is logged once when it is, and once when it answers again, with no secret", async () => {
  const { logger, own, redis } = await setUp();
  own.line(null);
  for (const failure of [REFUSED, REFUSED, null, null, REFUSED]) redis.line(failure);
  expect(logger.lines.map((line) => line.split(" {")[0])).toEqual([
    "warn the bus does not answer: changes show at the next poll",
    "info the bus answers again",
    "warn the bus does not answer: changes show at the next poll",
  ]);
  expect(logger.lines.join()).toContain("ECONNREFUSED");
  expect(logger.lines.join()).not.toContain("hunter2");
});

it("the health of each bus is told: not yet known, connected, lost", async () => {
  const { hints, own, redis } = await setUp();
  own.line(null);
  expect(hints.health()).toEqual([
    { name: "postgres-notify", connected: true },
    { name: "redis", connected: null },
  ]);
  redis.line(REFUSED);
  expect(hints.health()[1]).toEqual({ name: "redis", connected: false });
  await hints.stop();
});

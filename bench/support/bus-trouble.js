const { clearInterval, setInterval } = require("node:timers");
const { startRedis } = require("./own-redis");
const { startRelay } = require("./relay");

const FLAP_MS = 700;

/** How gates hear of changes, and what goes wrong with that; every trouble leaves 5 s, a bus that works 100 and 500 ms. */
exports.BUS_MODES = ["notify", "redis", "poll", "down", "hung", "partitioned", "flapping"];
exports.hasBus = (mode) => mode === "notify" || mode === "redis";

/**
 * A Redis in that state, for so many gates: `redis` is its address, `redisOf(index)` each gate's way to it. `before()` is
 * to be called ahead of every trial. Without a Redis in `mode`, both are null.
 */
exports.troubledBus = async function troubledBus(mode, count) {
  if (mode === "notify" || mode === "poll") return quiet({ redis: null, redisOf: () => null });
  const server = await startRedis();
  if (mode === "partitioned") return partitioned(server, count);
  const bus = { redis: server.url, redisOf: () => server.url, end: server.end };
  if (mode === "flapping") return flapping(server, bus);
  const worsen = { hung: server.freeze, down: server.end, redis: () => undefined }[mode];
  return quiet({ ...bus, begin: worsen });
};

function quiet(bus) {
  return { begin: () => undefined, before: () => undefined, end: () => undefined, ...bus };
}

/** Ahead of each trial another half of the gates is parted from Redis, and not told. */
async function partitioned(server, count) {
  const relays = await Promise.all(Array.from({ length: count }, () => startRelay(server.url)));
  let trials = 0;
  return quiet({
    redis: server.url,
    redisOf: (index) => relays[index].url,
    before() {
      trials += 1;
      for (const [index, relay] of relays.entries()) {
        if ((index + trials) % 2 === 0) relay.part();
        else relay.join();
      }
    },
    end() {
      for (const relay of relays) relay.close();
      server.end();
    },
  });
}

function flapping(server, bus) {
  let frozen = false;
  let timer;
  return quiet({
    ...bus,
    begin() {
      timer = setInterval(() => ((frozen = !frozen), frozen ? server.freeze() : server.thaw()), FLAP_MS);
    },
    end() {
      clearInterval(timer);
      server.end();
    },
  });
}

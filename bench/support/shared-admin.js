const { randomBytes, randomUUID } = require("node:crypto");
const { built } = require("./build");

const { createAdmin } = built("lib/admin/index.js");
const { createPeppers } = built("lib/keys/pepper.js");
const { postgresStore } = built("adapters/stores/postgres.js");
const { redisBus } = built("adapters/buses/redis.js");

const PEPPER = "a pepper for measurements, long enough to pass";

/**
 * The management service on the PostgreSQL database of `url`, with the pepper that all measurements share. Its changes are
 * on record where it has the name of a `node`.
 */
exports.openAdmin = async function openAdmin(url, { notify = true, redis = null, node = null } = {}) {
  const store = postgresStore(url, { notify });
  await store.open();
  const bus = redis === null ? null : redisBus(redis);
  const peppers = createPeppers({ current: 1, versions: { 1: PEPPER } });
  const audit = node === null ? null : store.auditLog({ node, boot: randomUUID() });
  const admin = createAdmin({
    ...{ store, peppers },
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    random: (size) => randomBytes(size),
    ...(bus && { bus }),
    ...(audit && { audit }),
  });
  const close = async () => {
    await bus?.close();
    await audit?.close();
    await store.close();
  };
  return { store, bus, peppers, admin, close };
};

exports.PEPPER = PEPPER;

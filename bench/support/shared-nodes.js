const { fork } = require("node:child_process");
const { once } = require("node:events");
const path = require("node:path");
const { built } = require("./build");
const { openAdmin, PEPPER } = require("./shared-admin");

const { OPEN_POLICY } = built("adapters/testing.js");

/**
 * So many gates in processes of their own on the PostgreSQL database of `url`, and the management service beside them.
 * `redisOf(index)` and `aheadMsOf(index)` give a node its own way to Redis, and a wrong clock.
 */
exports.startSharedNodes = async function startSharedNodes(options) {
  const { url, count, notify = true, redis = null, redisOf = () => redis, aheadMsOf = () => 0 } = options;
  const { store, bus, peppers, admin, close } = await openAdmin(url, { notify, redis });
  await admin.applyPolicy(OPEN_POLICY);
  const settings = (index) => ({
    url,
    notify,
    redis: redisOf(index),
    node: `node-${index}`,
    aheadMs: aheadMsOf(index),
  });
  const nodes = await Promise.all(Array.from({ length: count }, (_, index) => startNode(settings(index))));
  return {
    ...{ store, admin, nodes, peppers },
    /** Resolves with the commit; what is said over the bus follows, and may take as long as it likes. */
    async revokeKey(id) {
      await store.admin.transaction(async (tx) => {
        const [organization] = await tx.organizations();
        await tx.revokeKey(organization.id, id, Date.now());
      });
      const epoch = await store.epoch();
      bus?.publish(epoch).catch(() => undefined);
    },
    createKey: () => admin.createKey({ email: OPEN_POLICY.users[0].email, name: "measured" }),
    async close() {
      await Promise.all(nodes.map((node) => node.close()));
      await close();
    },
  };
};

async function startNode(settings) {
  const child = fork(path.join(__dirname, "shared-node.js"), [JSON.stringify(settings)], {
    env: { ...process.env, LLM_GATE_PEPPER: PEPPER },
  });
  const [{ port }] = await Promise.race([once(child, "message"), failed(child)]);
  return {
    origin: `http://127.0.0.1:${port}`,
    async counts() {
      const said = once(child, "message");
      child.send("counts");
      return (await said)[0].counts;
    },
    async close() {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}

async function failed(child) {
  await once(child, "exit");
  throw new Error("a node did not start");
}

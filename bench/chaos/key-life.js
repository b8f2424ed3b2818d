const { randomUUID } = require("node:crypto");
const { setTimeout: sleep } = require("node:timers/promises");

const EMAIL = "alice@example.com";
const [FEWEST, MOST, DEAD_KEPT] = [4, 10, 8];
const PAUSE_MS = [150, 500];
const LONGEST_GRACE_MS = 2_000;
const RETRY_MS = 200;
/** How exactly a key ends when it should. */
const EXACT_MS = 1_000;

/**
 * Makes, rotates and revokes keys at random until it is stopped. Of each: `doomedAt`, from when on it may be
 * refused; `deadAt`, when its end was acknowledged or came; times of the clock of `performance`.
 * What the database did not take is asked again until it is known.
 */
exports.startKeyLife = async function startKeyLife(admin, random) {
  const [live, dead] = [[], []];
  const counts = { created: 0, revoked: 0, rotated: 0, failures: 0 };
  let running = true;
  const add = (id, key) => live.push({ id, key, doomedAt: Infinity, deadAt: Infinity });
  const create = async () => {
    const made = await admin.createKey({ email: EMAIL, name: "chaos" });
    counts.created += 1;
    return made;
  };
  const createOne = () => create().then(({ id, key }) => add(id, key));
  const bury = (key) => {
    live.splice(live.indexOf(key), 1);
    dead.push(key);
  };

  async function insist(work) {
    for (;;) {
      const done = await work().catch(() => null);
      if (done !== null) return done;
      counts.failures += 1;
      await sleep(RETRY_MS);
    }
  }

  async function revoke(key) {
    key.doomedAt = performance.now();
    await insist(() => admin.revokeKey(key.id));
    key.deadAt = performance.now();
    counts.revoked += 1;
    bury(key);
  }

  /** Both keys work until the grace is over; without one the old key dies like a revoked one. */
  async function rotate(key) {
    const graceMs = random.below(3) === 0 ? 0 : 1 + random.below(LONGEST_GRACE_MS);
    const request = { id: key.id, graceMs, requestId: randomUUID() };
    const begun = performance.now();
    key.doomedAt = begun + Math.max(0, graceMs - EXACT_MS);
    const made = await insist(() => admin.rotateKey(request));
    const now = performance.now();
    key.deadAt = made.graceUntil === null ? now : now + made.graceUntil - Date.now();
    counts.rotated += 1;
    if (made.key !== null) add(made.id, made.key);
    bury(key);
  }

  async function change() {
    const key = live[random.below(live.length)];
    if (live.length < FEWEST) return createOne().catch(() => (counts.failures += 1));
    if (live.length >= MOST) return revoke(key);
    return [createOne, revoke, rotate][random.below(3)](key).catch(() => (counts.failures += 1));
  }

  while (live.length < FEWEST) await createOne();
  const working = (async () => {
    while (running) {
      await change();
      await sleep(PAUSE_MS[0] + random.below(PAUSE_MS[1] - PAUSE_MS[0]));
    }
  })();
  return {
    counts,
    /** One that nobody else uses or ends. */
    fresh: async () => ({ ...(await insist(create)), doomedAt: Infinity, deadAt: Infinity }),
    /** A key that works, or one of those that died last. */
    pick() {
      const among = dead.length > 0 && random.below(3) === 0 ? dead.slice(-DEAD_KEPT) : live;
      return among[random.below(among.length)];
    },
    async stop() {
      running = false;
      await working;
    },
  };
};

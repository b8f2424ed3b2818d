const { fork } = require("node:child_process");
const { randomUUID } = require("node:crypto");
const { once } = require("node:events");
const path = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");

/** Early moments are tried more often: that is when a rotation is made. */
const LATEST_MS = 200;
const GRACE_MS = 3_600_000;

/**
 * A rotation in a process of its own that is killed at a random moment, then asked for again under the same request id:
 * `done` when it had happened before the kill, `undone` when it had not, `half` when anything in between was found, or
 * asking again did not make it whole.
 */
exports.killedRotation = async function killedRotation({ admin, createKey }, url) {
  const { id } = await createKey();
  const request = { id, graceMs: GRACE_MS, requestId: randomUUID() };
  const child = fork(path.join(__dirname, "rotating-process.js"), [JSON.stringify({ url, request })]);
  const ended = once(child, "exit");
  await once(child, "message");
  child.send("go");
  await sleep(Math.random() ** 2 * LATEST_MS);
  child.kill("SIGKILL");
  await ended;
  const happened = await successorsOf(admin, id);
  const { expiresAt } = await admin.showKey(id);
  const again = await admin.rotateKey(request);
  const successors = await successorsOf(admin, id);
  const whole = successors.length === 1 && successors[0].id === again.id && again.graceUntil !== null;
  if (!whole || (await admin.showKey(id)).expiresAt !== again.graceUntil) return "half";
  if (happened.length === 0) return expiresAt === null && again.key !== null ? "undone" : "half";
  return expiresAt === again.graceUntil && again.key === null ? "done" : "half";
};

async function successorsOf(admin, id) {
  return (await admin.listKeys()).filter(({ replaces }) => replaces === id);
}

import { setTimeout as sleep } from "node:timers/promises";
import { createSnapshots } from "../../../lib/auth/snapshot-cache";
import { endRevokedCalls } from "../../../lib/end-revoked-calls";
import type { Core } from "../../../lib/core";
import type { Exchange } from "../../../lib/exchange";
import { principalOf } from "../../../lib/policy/principal-of";
import { faultStore } from "../../support/fault-store";
import { keyFixture, type KeyFixture } from "../../support/key-fixture";

const ROUNDS = 25;
const KEYS = 12;
const POLL_MS = 4;
const SLOWEST_MS = 6;
const SETTLED_MS = 300;
/** What has not happened by then on a busy machine does not happen. */
const PATIENCE_MS = 3_000;
const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const chance = (ms: number) => sleep(Math.random() * ms);

/** A node whose store answers early and late, before and after changes, as chance will have it. */
async function setting() {
  const store = faultStore();
  const clock = { now: () => Date.now(), monotonic: () => performance.now() };
  const snapshots = createSnapshots({ store, clock, logger, pollMs: POLL_MS, negativeTtlMs: 60_000 });
  store.fault = () => chance(SLOWEST_MS);
  store.late = () => chance(SLOWEST_MS);
  const active = new Set<Exchange>();
  const parts = { active, snapshots, options: { store } } as unknown as Core;
  snapshots.onChange(endRevokedCalls(parts));
  await snapshots.start();
  const put = (id: string, snapshot: KeyFixture["snapshot"]) => {
    store.keys.set(id, snapshot);
    store.changed({ subject: "key", subjectId: id });
    if (Math.random() < 0.5) snapshots.hint(null);
  };
  /** A call under way, as authentication leaves it. */
  const begin = ({ snapshot }: KeyFixture): AbortSignal => {
    const abort = new AbortController();
    active.add({ abort, state: { at: "authenticated", call: { principal: principalOf(snapshot) } } } as never);
    return abort.signal;
  };
  return { snapshots, put, begin };
}

/** One key's life, and what was wrong about it. */
async function live({ snapshots, put, begin }: Awaited<ReturnType<typeof setting>>): Promise<readonly string[]> {
  const key = keyFixture();
  const { id, snapshot } = key;
  const wrong: string[] = [];
  const knownBefore = Math.random() < 0.5;
  await chance(20);
  if (knownBefore && (await snapshots.find(id)).snapshot !== null) wrong.push("found before it was made");
  put(id, snapshot);
  if (knownBefore) await sleep(SETTLED_MS);
  const found = await snapshots.find(id);
  if (found.snapshot === null) wrong.push(`not found when it was there, ${knownBefore ? "asked for" : "new"}`);
  const signal = begin(key);
  await chance(20);
  put("another", keyFixture().snapshot);
  await chance(20);
  if (signal.aborted) wrong.push("a call ended whose key was good");
  put(id, { ...snapshot, key: { ...snapshot.key, revokedAt: 7 } });
  const seen = { refused: false };
  const isSettled = () => seen.refused && signal.aborted;
  const check = async () => {
    const isRevoked = (await snapshots.find(id)).snapshot?.key.revokedAt !== null;
    if (seen.refused && !isRevoked) wrong.push("let in after it was refused");
    seen.refused ||= isRevoked;
    await chance(5);
  };
  for (const until = performance.now() + PATIENCE_MS; !isSettled() && performance.now() < until;) await check();
  for (let again = 0; again < 10; again += 1) await check();
  if (!seen.refused) wrong.push("let in long after it was revoked");
  if (!signal.aborted) wrong.push("a call went on whose key was revoked");
  return wrong;
}

it("whatever overtakes what: a new key is found, a revoked one never comes back, and only its calls end", async () => {
  for (let round = 0; round < ROUNDS / 5; round += 1) {
    const sites = await Promise.all(Array.from({ length: 5 }, setting));
    const wrong = await Promise.all(sites.flatMap((site) => Array.from({ length: KEYS }, () => live(site))));
    for (const { snapshots } of sites) snapshots.stop();
    expect(wrong.flat()).toEqual([]);
  }
});

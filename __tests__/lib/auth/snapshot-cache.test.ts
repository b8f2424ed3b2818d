import { setTimeout as sleep } from "node:timers/promises";
import { Denial } from "../../../lib/denial";
import { createSnapshots, type SnapshotOptions } from "../../../lib/auth/snapshot-cache";
import { faultStore } from "../../support/fault-store";
import { handClock, keyFixture, listLogger } from "../../support/key-fixture";

const POLL_MS = 200;
/** Older than two polls: the next answer looks at the store first. */
const A_WHILE = 500;

function setUp(options: Partial<SnapshotOptions> = {}) {
  const store = faultStore();
  const clock = handClock();
  const logger = listLogger();
  const snapshots = createSnapshots({ store, clock, logger, ...options });
  const known = keyFixture();
  store.keys.set(known.id, known.snapshot);
  const down = () => {
    throw Object.assign(new Error("connect postgres://gate:hunter2@db"), { code: "ECONNREFUSED" });
  };
  return { store, clock, logger, snapshots, known, down };
}

function gated() {
  let open = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  return { gate, open };
}

const unavailable = expect.objectContaining({ code: "store_unavailable", reason: "store_unavailable" });

describe("a known key", () => {
  it("is answered at once, without a promise or a look-up, from the second time on", async () => {
    const { store, snapshots, known } = setUp();
    expect(await snapshots.find(known.id)).toEqual({ snapshot: known.snapshot, stale: false });
    for (let call = 0; call < 100; call++) expect(snapshots.find(known.id)).not.toBeInstanceOf(Promise);
    expect(store.asked).toMatchObject({ findKey: 1, epoch: 1 });
  });

  it("is looked up once for 1,000 first uses at the same time", async () => {
    const { store, snapshots, known } = setUp();
    const found = await Promise.all(Array.from({ length: 1_000 }, async () => snapshots.find(known.id)));
    expect(new Set(found.map(({ snapshot }) => snapshot))).toEqual(new Set([known.snapshot]));
    expect(store.asked).toMatchObject({ findKey: 1, epoch: 1 });
  });

  it("is not evicted by a flood of unknown ones, and takes no more room than it may", async () => {
    const { store, snapshots, known } = setUp({ maxKeys: 10 });
    await snapshots.find(known.id);
    for (let guess = 0; guess < 100; guess++) await snapshots.find(`guess${guess}`);
    expect(store.asked.findKey).toBe(101);
    expect(snapshots.find(known.id)).not.toBeInstanceOf(Promise);
    const others = Array.from({ length: 10 }, () => keyFixture());
    for (const { id, snapshot } of others) store.keys.set(id, snapshot);
    for (const { id } of others) await snapshots.find(id);
    expect(snapshots.find(known.id)).toBeInstanceOf(Promise);
  });
});

describe("a known key that nothing is said to have changed of", () => {
  /** The store is looked at now and then, as by the poll. */
  async function pass(ms: number, { clock, snapshots }: ReturnType<typeof setUp>) {
    clock.advance(ms);
    await snapshots.start();
  }

  it("is read again beside its use after five seconds, once for all who ask", async () => {
    const setting = setUp({ pollMs: 100_000 });
    const { store, snapshots, known } = setting;
    await snapshots.find(known.id);
    await pass(4_999, setting);
    expect(snapshots.find(known.id)).not.toBeInstanceOf(Promise);
    expect(store.asked.findKey).toBe(1);
    store.keys.set(known.id, { ...known.snapshot, groups: [] });
    await pass(1, setting);
    for (let call = 0; call < 100; call++) expect(snapshots.find(known.id)).toMatchObject({ snapshot: known.snapshot });
    await sleep(5);
    expect(snapshots.find(known.id)).toMatchObject({ snapshot: { groups: [] } });
    expect(store.asked.findKey).toBe(2);
    snapshots.stop();
  });

  it("stays known when it cannot be read again, and is read first after thirty seconds", async () => {
    const setting = setUp({ pollMs: 100_000 });
    const { store, snapshots, known, down } = setting;
    await snapshots.find(known.id);
    store.fault = (method) => (method === "findKey" ? down() : undefined);
    await pass(29_999, setting);
    expect(snapshots.find(known.id)).toMatchObject({ snapshot: known.snapshot });
    await sleep(5);
    await pass(1, setting);
    await expect(snapshots.find(known.id)).rejects.toEqual(unavailable);
    snapshots.stop();
  });

  it("is unknown from then on when it is gone", async () => {
    const setting = setUp({ pollMs: 100_000 });
    const { store, snapshots, known } = setting;
    await snapshots.find(known.id);
    store.keys.delete(known.id);
    await pass(5_000, setting);
    await snapshots.find(known.id);
    await sleep(5);
    expect(snapshots.find(known.id)).toMatchObject({ snapshot: null });
    snapshots.stop();
  });
});

describe("an unknown key", () => {
  it("is believed unknown for two seconds, then asked for again", async () => {
    const { store, clock, snapshots } = setUp();
    expect(await snapshots.find("nobody")).toEqual({ snapshot: null, stale: false });
    clock.advance(300);
    expect(snapshots.find("nobody")).toEqual({ snapshot: null, stale: false });
    clock.advance(2_000);
    await snapshots.find("nobody");
    expect(store.asked.findKey).toBe(2);
  });

  it("is asked for again at a moment of its own, from half of that time on", async () => {
    const chances = [0, 0.999];
    const { store, clock, snapshots } = setUp({ pollMs: 100_000, random: () => chances.shift() ?? 0 });
    for (const id of ["late", "early"]) await snapshots.find(id);
    const asked = async (ms: number) => {
      clock.advance(ms);
      for (const id of ["late", "early"]) await snapshots.find(id);
      return store.asked.findKey;
    };
    expect([await asked(999), await asked(2), await asked(998), await asked(2)]).toEqual([2, 3, 3, 4]);
  });

  it("becomes known as soon as its creation is seen", async () => {
    const { store, clock, snapshots } = setUp();
    const late = keyFixture();
    await snapshots.find(late.id);
    store.keys.set(late.id, late.snapshot);
    store.changed({ subject: "key", subjectId: late.id });
    clock.advance(A_WHILE);
    expect(await snapshots.find(late.id)).toMatchObject({ snapshot: late.snapshot });
  });
});

describe("a change", () => {
  it.each([
    ["its key", { subject: "key", subjectId: "KEY" }, true],
    ["its user", { subject: "user", subjectId: "u1" }, true],
    ["a group of its organisation", { subject: "group", subjectId: "g9" }, true],
    ["its organisation", { subject: "organization", subjectId: "o1" }, true],
    ["something that is not known here", { subject: "limit" as "group", subjectId: "x" }, true],
    ["another key", { subject: "key", subjectId: "other" }, false],
    ["another user", { subject: "user", subjectId: "u2" }, false],
    ["a model", { subject: "model", subjectId: "gpt-4o" }, false],
  ] as const)("of %s drops the snapshot only if it reaches it", async (_name, { subject, subjectId }, dropped) => {
    const { store, clock, snapshots, known } = setUp();
    await snapshots.find(known.id);
    store.changed({ subject, subjectId: subjectId === "KEY" ? known.id : subjectId });
    clock.advance(A_WHILE);
    await snapshots.find(known.id);
    expect(store.asked.findKey).toBe(dropped ? 2 : 1);
  });

  it("in another organisation drops nothing of this one", async () => {
    const { store, clock, snapshots, known } = setUp();
    await snapshots.find(known.id);
    store.changed({ subject: "group", subjectId: "g1" }, "o2");
    clock.advance(A_WHILE);
    await snapshots.find(known.id);
    expect(store.asked.findKey).toBe(1);
  });

  it.each([
    ["the change log has a gap", (store: ReturnType<typeof faultStore>) => store.changedUntold()],
    [
      "there are more than the log gives at once",
      (store: ReturnType<typeof faultStore>) => {
        for (let n = 0; n < 1_000; n++) store.changed({ subject: "key", subjectId: `k${n}` });
      },
    ],
    [
      "the change log cannot be read",
      (store: ReturnType<typeof faultStore>) => {
        store.changed({ subject: "key", subjectId: "other" });
        store.fault = (method) => (method === "changesSince" ? Promise.reject(new Error("no log")) : undefined);
      },
    ],
  ])("drops everything when %s", async (_name, change) => {
    const { store, clock, snapshots, known } = setUp();
    await snapshots.find(known.id);
    await snapshots.catalogue("o1");
    change(store);
    clock.advance(A_WHILE);
    await snapshots.find(known.id);
    await snapshots.catalogue("o1");
    expect(store.asked).toMatchObject({ findKey: 2, catalogue: 2 });
  });

  it("drops everything when the epoch runs backwards: another database stands behind the store", async () => {
    const { store, clock, snapshots, known } = setUp();
    store.changed({ subject: "key", subjectId: "x" });
    await snapshots.find(known.id);
    const older = faultStore();
    Object.assign(store, { epoch: older.epoch, changesSince: older.changesSince });
    clock.advance(A_WHILE);
    await snapshots.find(known.id);
    expect(store.asked.findKey).toBe(2);
    expect(snapshots.lastEpoch).toBe(1);
  });

  it("by another process shows within half a second, with no request to prompt it", async () => {
    const store = faultStore();
    const clock = { now: () => Date.now(), monotonic: () => performance.now() };
    const snapshots = createSnapshots({ store, clock, logger: listLogger() });
    const { id, snapshot } = keyFixture();
    store.keys.set(id, snapshot);
    await snapshots.start();
    await snapshots.find(id);
    store.keys.set(id, { ...snapshot, key: { ...snapshot.key, revokedAt: 1 } });
    store.changed({ subject: "key", subjectId: id });
    await sleep(450);
    expect((await snapshots.find(id)).snapshot?.key.revokedAt).toBe(1);
    expect(snapshots.lastEpoch).toBe(2);
    snapshots.stop();
    const looks = store.asked.epoch;
    await sleep(2 * POLL_MS + 50);
    expect(store.asked.epoch).toBe(looks);
  });

  it("makes every read that is under way too old to keep, and no later caller joins it", async () => {
    const { store, clock, snapshots, known } = setUp();
    await snapshots.find("warm-up");
    const { gate, open } = gated();
    store.late = (method) => (method === "findKey" ? gate : undefined);
    const early = snapshots.find(known.id);
    await sleep(5);
    store.late = () => undefined;
    const changed = { ...known.snapshot, groups: [] };
    store.keys.set(known.id, changed);
    store.changed({ subject: "user", subjectId: "u1" });
    clock.advance(A_WHILE);
    expect((await snapshots.find(known.id)).snapshot).toBe(changed);
    open();
    expect((await early).snapshot).toBe(known.snapshot);
    expect(await snapshots.find(known.id)).toMatchObject({ snapshot: changed });
    expect(store.asked.findKey).toBe(3);
  });
});

describe("a hint", () => {
  it("makes who asks from then on wait for a look that begins after it, and nobody longer than that", async () => {
    const { store, snapshots, known } = setUp({ pollMs: 100_000 });
    await snapshots.find(known.id);
    const { gate, open } = gated();
    store.late = (method) => (method === "epoch" ? gate : undefined);
    const early = snapshots.start();
    store.keys.set(known.id, { ...known.snapshot, key: { ...known.snapshot.key, revokedAt: 7 } });
    store.changed({ subject: "key", subjectId: known.id });
    expect(snapshots.find(known.id)).not.toBeInstanceOf(Promise);
    snapshots.hint(2);
    const waiting = snapshots.find(known.id);
    store.late = () => undefined;
    open();
    expect((await waiting).snapshot?.key.revokedAt).toBe(7);
    await early;
    expect(snapshots.find(known.id)).not.toBeInstanceOf(Promise);
    snapshots.stop();
  });

  it("that says nothing new, or nothing true, keeps nobody waiting", async () => {
    const { snapshots, known } = setUp({ pollMs: 100_000 });
    await snapshots.find(known.id);
    snapshots.hint(1);
    expect(snapshots.find(known.id)).not.toBeInstanceOf(Promise);
    snapshots.hint(999_999_999);
    expect(await snapshots.find(known.id)).toMatchObject({ stale: false });
    expect(snapshots.find(known.id)).not.toBeInstanceOf(Promise);
  });
});

describe("a revoked key", () => {
  it("is revoked for a read that began before the revocation and ends after it was seen", async () => {
    const { store, clock, snapshots, known } = setUp();
    await snapshots.find("warm-up");
    const { gate, open } = gated();
    store.late = (method) => (method === "findKey" ? gate : undefined);
    const early = snapshots.find(known.id);
    await sleep(5);
    store.late = () => undefined;
    store.keys.set(known.id, { ...known.snapshot, key: { ...known.snapshot.key, revokedAt: 7 } });
    store.changed({ subject: "key", subjectId: known.id });
    clock.advance(A_WHILE);
    await snapshots.find(known.id);
    open();
    expect((await early).snapshot?.key.revokedAt).toBe(clock.now());
  });

  it("stays revoked whatever a lagging read says afterwards", async () => {
    const { store, clock, snapshots, known } = setUp();
    store.keys.set(known.id, { ...known.snapshot, key: { ...known.snapshot.key, revokedAt: 7 } });
    await snapshots.find(known.id);
    store.keys.set(known.id, known.snapshot);
    store.changedUntold();
    clock.advance(A_WHILE);
    const found = await snapshots.find(known.id);
    expect(store.asked.findKey).toBe(2);
    expect(found.snapshot?.key.revokedAt).toBe(clock.now());
    expect(Object.isFrozen(found.snapshot)).toBe(true);
  });

  it("takes no more room than it may, and what was asked for last is remembered", async () => {
    const { store, clock, snapshots } = setUp({ maxKeys: 10 });
    const keys = Array.from({ length: 11 }, () => keyFixture());
    for (const { id, snapshot } of keys) store.keys.set(id, { ...snapshot, key: { ...snapshot.key, revokedAt: 7 } });
    for (const { id } of keys) await snapshots.find(id);
    for (const { id, snapshot } of keys) store.keys.set(id, snapshot);
    store.changedUntold();
    clock.advance(A_WHILE);
    const ends: unknown[] = [];
    for (const { id } of keys) ends.push((await snapshots.find(id)).snapshot?.key.revokedAt);
    expect(ends).toEqual([null, ...keys.slice(1).map(() => clock.now())]);
  });
});

describe("while the store is down", () => {
  it("known keys and catalogues are served for 30 seconds, marked stale, then nothing is", async () => {
    const { store, clock, snapshots, known, down } = setUp();
    await snapshots.find(known.id);
    const catalogue = await snapshots.catalogue("o1");
    store.fault = down;
    clock.advance(A_WHILE);
    expect(await snapshots.find(known.id)).toEqual({ snapshot: known.snapshot, stale: true });
    expect(await snapshots.catalogue("o1")).toBe(catalogue);
    clock.advance(30_000 - A_WHILE);
    expect(await snapshots.find(known.id)).toMatchObject({ stale: true });
    clock.advance(1);
    await expect(snapshots.find(known.id)).rejects.toEqual(unavailable);
    await expect(snapshots.catalogue("o1")).rejects.toEqual(unavailable);
  });

  it("unknown keys are refused as unavailable at once, never as unknown, even if they were unknown before", async () => {
    const { store, clock, snapshots, down } = setUp();
    await snapshots.find("nobody");
    store.fault = down;
    clock.advance(A_WHILE);
    await expect(snapshots.find("nobody")).rejects.toEqual(unavailable);
    await expect(snapshots.find("nobody2")).rejects.toBeInstanceOf(Denial);
    await expect(snapshots.catalogue("o2")).rejects.toEqual(unavailable);
    expect(store.asked.findKey).toBe(1);
  });

  it("nothing is served stale when the operator says so", async () => {
    const { store, clock, snapshots, known, down } = setUp({ staleMs: 0 });
    await snapshots.find(known.id);
    store.fault = down;
    clock.advance(A_WHILE);
    await expect(snapshots.find(known.id)).rejects.toEqual(unavailable);
  });

  it("no failure is kept: the next look that succeeds ends the outage", async () => {
    const { store, clock, logger, snapshots, known, down } = setUp({ pollMs: 10 });
    store.fault = down;
    await snapshots.start();
    await expect(snapshots.find(known.id)).rejects.toEqual(unavailable);
    clock.advance(100_000);
    store.fault = () => undefined;
    await sleep(40);
    expect(await snapshots.find(known.id)).toEqual({ snapshot: known.snapshot, stale: false });
    snapshots.stop();
    expect(logger.lines).toEqual([
      'error the store does not answer {"error":"Error","code":"ECONNREFUSED"}',
      "info the store answers again undefined",
    ]);
  });

  it("a look-up that fails is shared by all who wait, is not kept, and is tried once by the next", async () => {
    const { store, snapshots, known, down } = setUp();
    await snapshots.start();
    store.fault = (method) => (method === "findKey" ? down() : undefined);
    const first = await Promise.allSettled(Array.from({ length: 1_000 }, async () => snapshots.find(known.id)));
    expect(first.every(({ status }) => status === "rejected")).toBe(true);
    expect(store.asked.findKey).toBe(1);
    store.fault = () => undefined;
    expect(await snapshots.find(known.id)).toMatchObject({ snapshot: known.snapshot });
    expect(store.asked.findKey).toBe(2);
    snapshots.stop();
  });

  it("is logged without a word of what the driver said, whatever it threw", async () => {
    const { store, logger, snapshots } = setUp({ pollMs: 1_000 });
    const thrown = [
      "postgres://gate:hunter2@db",
      null,
      new TypeError("hunter2"),
    ] as readonly unknown[] as readonly Error[];
    for (const cause of thrown) {
      store.fault = () => Promise.reject(cause);
      await snapshots.start();
      store.fault = () => undefined;
      await snapshots.start();
    }
    snapshots.stop();
    expect(logger.lines.filter((line) => line.startsWith("error"))).toEqual([
      'error the store does not answer {"error":"string","code":null}',
      'error the store does not answer {"error":"object","code":null}',
      'error the store does not answer {"error":"TypeError","code":null}',
    ]);
    expect(logger.lines.join()).not.toContain("hunter2");
  });

  it("a store that hangs is a store that is down", async () => {
    const { store, clock, snapshots, known } = setUp({ timeoutMs: 20 });
    await snapshots.find(known.id);
    store.fault = () => new Promise(() => {});
    await expect(snapshots.find("other")).rejects.toEqual(unavailable);
    clock.advance(A_WHILE);
    expect(await snapshots.find(known.id)).toMatchObject({ stale: true });
  });
});

describe("a catalogue", () => {
  it("is read once per organisation, and again when a model of it changes", async () => {
    const { store, clock, snapshots } = setUp();
    await Promise.all([snapshots.catalogue("o1"), snapshots.catalogue("o1"), snapshots.catalogue("o2")]);
    expect(snapshots.catalogue("o1")).not.toBeInstanceOf(Promise);
    expect(store.asked.catalogue).toBe(2);
    store.changed({ subject: "model", subjectId: "gpt-4o" });
    clock.advance(A_WHILE);
    await snapshots.catalogue("o1");
    await snapshots.catalogue("o2");
    expect(store.asked.catalogue).toBe(3);
  });
});

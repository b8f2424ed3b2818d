import { memoryStore } from "../../../adapters/stores/memory";
import { sqliteStore } from "../../../adapters/stores/sqlite";
import { provesKey } from "../../../lib/keys/pepper";
import type { Store } from "../../../lib/ports/store";
import { adminFixture, PEPPERS, POLICY, type AdminFixture } from "../../support/admin-fixture";
import { tempFolder } from "../../adapters/stores/temp-folder";

const HOUR_MS = 3_600_000;
const LIMITS = { models: ["gpt-*"], networks: ["192.0.2.0/24"] };
const fresh = tempFolder();
const stores: readonly (readonly [string, () => Store])[] = [
  ["memory", () => memoryStore()],
  ["SQLite", () => sqliteStore(fresh())],
];

/** Commits a rotation, and loses the connection before it can say so. */
function deafened(store: Store): Store {
  const transaction: Store["admin"]["transaction"] = async (work) => {
    const seen = { rotation: false };
    const result = await store.admin.transaction((tx) =>
      work({
        ...tx,
        async insertKey(organizationId, key) {
          await tx.insertKey(organizationId, key);
          seen.rotation = key.rotation !== undefined;
        },
      }),
    );
    if (seen.rotation) throw new Error("The connection to the database is lost.");
    return result;
  };
  return { ...store, admin: { transaction } };
}

/** Has something happen before the transaction after the next one. */
function interruptible(store: Store): { readonly store: Store; interrupt(by: () => Promise<unknown>): void } {
  const waiting: (() => Promise<unknown>)[] = [];
  const transaction: Store["admin"]["transaction"] = async (work) => {
    await waiting.shift()?.();
    return store.admin.transaction(work);
  };
  const interrupt = (by: () => Promise<unknown>) => void waiting.push(async () => undefined, by);
  return { store: { ...store, admin: { transaction } }, interrupt };
}

let fixture: AdminFixture;
afterEach(() => fixture.close());

/** A store with one key of alice's. */
async function setting(store: Store) {
  fixture = await adminFixture(store);
  const { admin } = fixture;
  await admin.applyPolicy(POLICY);
  const old = await admin.createKey({ email: "alice@acme.test", name: "laptop", ...LIMITS });
  return { ...fixture, old };
}

describe.each(stores)("a rotation on %s", (_, newStore) => {
  it.each([{ networks: ["192.0.2.7"] }, { expiresAt: Date.UTC(2100, 0) }])(
    "is refused where the key was changed to %j after it was looked at: a successor would not be limited by that",
    async (change) => {
      const { store, interrupt } = interruptible(newStore());
      const { admin, old } = await setting(store);
      interrupt(() => admin.changeKey(old.id, change));
      const rotated = admin.rotateKey({ id: old.id, graceMs: HOUR_MS });
      await expect(rotated).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("meanwhile") });
      expect((await admin.listKeys()).map(({ id }) => id)).toEqual([old.id]);
      expect(await admin.rotateKey({ id: old.id, graceMs: HOUR_MS })).toMatchObject({ replaces: old.id });
    },
  );

  it("makes a successor that proves itself, like the old key in all but the key", async () => {
    const { admin, store, clock, old } = await setting(newStore());
    const rotated = await admin.rotateKey({ id: old.id, graceMs: HOUR_MS });
    expect(rotated).toMatchObject({ replaces: old.id, user: "alice@acme.test", name: "laptop", works: true });
    expect(rotated.graceUntil).toBe(clock.now() + HOUR_MS);
    const successor = await store.findKey(rotated.id);
    expect(successor?.key).toMatchObject({ ...LIMITS, expiresAt: null, revokedAt: null });
    expect(provesKey(PEPPERS, rotated.key ?? "", successor?.key ?? null)).toBe(true);
    expect(await admin.showKey(old.id)).toMatchObject({ expiresAt: clock.now() + HOUR_MS, revokedAt: null });
    expect(await admin.showKey(rotated.id)).toMatchObject({ replaces: old.id });
  });

  it("revokes the old key at once without a grace, and never lets it live longer than it would have", async () => {
    const { admin, clock, old } = await setting(newStore());
    await admin.changeKey(old.id, { expiresAt: clock.now() + HOUR_MS });
    const second = await admin.rotateKey({ id: old.id, graceMs: 5 * HOUR_MS });
    expect([second.graceUntil, second.expiresAt]).toEqual([clock.now() + HOUR_MS, clock.now() + HOUR_MS]);
    const third = await admin.rotateKey({ id: second.id, graceMs: 0 });
    expect(third.graceUntil).toBeNull();
    expect(await admin.showKey(second.id)).toMatchObject({ revokedAt: clock.now() });
  });

  it("makes one key of one request, however often it is asked for, and shows it once", async () => {
    const { admin, old } = await setting(newStore());
    const first = await admin.rotateKey({ id: old.id, requestId: "deploy-7" });
    const again = await admin.rotateKey({ id: old.id, requestId: "deploy-7" });
    expect(again).toEqual({ ...first, key: null });
    expect((await admin.listKeys()).map(({ id }) => id).sort()).toEqual([first.id, old.id].sort());
    const other = await admin.createKey({ email: "alice@acme.test", name: "desk" });
    await expect(admin.rotateKey({ id: other.id, requestId: "deploy-7" })).rejects.toMatchObject({ code: "conflict" });
  });

  it("makes one key of one request that is made twice at once", async () => {
    const { admin, old } = await setting(newStore());
    const attempts = [1, 2, 3].map(() => admin.rotateKey({ id: old.id, requestId: "deploy-8" }));
    const rotated = await Promise.all(attempts);
    expect(new Set(rotated.map(({ id }) => id)).size).toBe(1);
    expect(rotated.filter(({ key }) => key !== null)).toHaveLength(1);
    expect((await admin.listKeys()).length).toBe(2);
  });

  it("is made when it was committed and nobody could say so, and gives the key", async () => {
    const { admin, store, old } = await setting(deafened(newStore()));
    const { id, key } = await admin.rotateKey({ id: old.id, graceMs: HOUR_MS });
    expect(provesKey(PEPPERS, key ?? "", (await store.findKey(id))?.key ?? null)).toBe(true);
    expect((await admin.listKeys()).length).toBe(2);
  });

  it("may follow another in its grace, and gives no successor to a key that was revoked meanwhile", async () => {
    const { admin, store, clock, old } = await setting(newStore());
    const first = await admin.rotateKey({ id: old.id, graceMs: HOUR_MS });
    const second = await admin.rotateKey({ id: first.id, graceMs: 2 * HOUR_MS });
    expect([first.graceUntil, second.graceUntil]).toEqual([clock.now() + HOUR_MS, clock.now() + 2 * HOUR_MS]);
    await Promise.allSettled([admin.revokeKey(second.id), admin.rotateKey({ id: second.id })]);
    const successors = (await admin.listKeys()).filter(({ replaces }) => replaces === second.id);
    expect(await store.findKey(second.id)).toMatchObject({ key: { revokedAt: clock.now() } });
    expect(successors.length).toBeLessThanOrEqual(1);
  });

  it("is made once of a key in its grace: a second successor would end with it", async () => {
    const { admin, store, old } = await setting(newStore());
    const rotated = await admin.rotateKey({ id: old.id, graceMs: HOUR_MS });
    const epoch = await store.epoch();
    const again = admin.rotateKey({ id: old.id });
    await expect(again).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining(rotated.id) });
    expect(await store.epoch()).toBe(epoch);
    expect((await admin.rotateKey({ id: rotated.id })).expiresAt).toBeNull();
  });

  it("makes one successor of two requests at once", async () => {
    const { admin, old } = await setting(newStore());
    const ended = await Promise.allSettled([1, 2, 3].map(() => admin.rotateKey({ id: old.id })));
    expect(ended.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await admin.listKeys()).length).toBe(2);
  });

  it("is on record, the keys themselves are not", async () => {
    const { admin, records, old } = await setting(newStore());
    const rotated = await admin.rotateKey({ id: old.id, graceMs: HOUR_MS });
    const record = (await records()).at(-1);
    expect(record).toMatchObject({
      ...{ kind: "admin", operation: "key.rotate", keyId: old.id },
      change: { after: { successor: rotated.id, graceUntil: rotated.graceUntil } },
    });
    expect(JSON.stringify(await records())).not.toContain(rotated.key?.slice(15));
  });

  it("is refused for a key that works no more, and for what is no grace", async () => {
    const { admin, old } = await setting(newStore());
    await expect(admin.rotateKey({ id: old.id, graceMs: -1 })).rejects.toMatchObject({ code: "invalid_argument" });
    await expect(admin.rotateKey({ id: old.id, requestId: "a b" })).rejects.toMatchObject({ code: "invalid_argument" });
    await expect(admin.rotateKey({ id: "0123456789" })).rejects.toMatchObject({ code: "unknown_key" });
    await admin.revokeKey(old.id);
    await expect(admin.rotateKey({ id: old.id })).rejects.toMatchObject({ code: "conflict" });
  });
});

describe.each(stores)("a change of a key on %s", (_, newStore) => {
  it("takes name, expiry and limits, each on record with what was before", async () => {
    const { admin, records, clock, old } = await setting(newStore());
    const expiresAt = clock.now() + HOUR_MS;
    expect(await admin.changeKey(old.id, { name: "desk", expiresAt, models: null })).toMatchObject({
      ...{ name: "desk", expiresAt, models: null, networks: LIMITS.networks },
    });
    expect((await records()).at(-1)).toMatchObject({
      operation: "key.change",
      change: { before: { name: "laptop", expiresAt: null, models: ["gpt-*"] }, after: { name: "desk", models: null } },
    });
  });

  it("that changes nothing is no change and on no record", async () => {
    const { admin, records, store, old } = await setting(newStore());
    const [before, epoch] = [(await records()).length, await store.epoch()];
    await admin.changeKey(old.id, { name: "laptop", ...LIMITS });
    expect([(await records()).length, await store.epoch()]).toEqual([before, epoch]);
  });

  it.each([
    [{ name: "" }],
    [{ expiresAt: 5 }],
    [{ models: [] }],
    [{ models: ["a*b"] }],
    [{ networks: ["192.0.2.1/24"] }],
    [{ networks: ["everywhere"] }],
  ])("is refused when it says %j", async (change) => {
    const { admin, old } = await setting(newStore());
    await expect(admin.changeKey(old.id, change)).rejects.toMatchObject({ code: "invalid_argument" });
  });

  it("is refused where it would bring an expired key back, and taken for anything else of it", async () => {
    const { admin, clock, old } = await setting(newStore());
    await admin.changeKey(old.id, { expiresAt: clock.now() + HOUR_MS });
    await clock.advance(HOUR_MS);
    for (const expiresAt of [null, clock.now() + HOUR_MS]) {
      await expect(admin.changeKey(old.id, { expiresAt })).rejects.toMatchObject({ code: "conflict" });
    }
    expect((await admin.changeKey(old.id, { name: "desk" })).name).toBe("desk");
  });

  it("moves the end of a rotated key, and leaves it one that is not after its successor's", async () => {
    const { admin, clock, old } = await setting(newStore());
    const { id } = await admin.rotateKey({ id: old.id, graceMs: HOUR_MS });
    await admin.changeKey(id, { expiresAt: clock.now() + 3 * HOUR_MS });
    const moved = await admin.changeKey(old.id, { expiresAt: clock.now() + 2 * HOUR_MS });
    expect(moved.expiresAt).toBe(clock.now() + 2 * HOUR_MS);
    for (const expiresAt of [null, clock.now() + 4 * HOUR_MS]) {
      const change = admin.changeKey(old.id, { expiresAt });
      await expect(change).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining(id) });
    }
  });

  it("is refused for a revoked key", async () => {
    const { admin, old } = await setting(newStore());
    await admin.revokeKey(old.id);
    await expect(admin.changeKey(old.id, { name: "desk" })).rejects.toMatchObject({ code: "conflict" });
  });
});

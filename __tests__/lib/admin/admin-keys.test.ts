import { memoryStore } from "../../../adapters/stores/memory";
import { sqliteStore } from "../../../adapters/stores/sqlite";
import { createAdmin } from "../../../lib/admin";
import { parseKey } from "../../../lib/keys/parse-key";
import { provesKey } from "../../../lib/keys/pepper";
import type { Store } from "../../../lib/ports/store";
import { adminFixture, PEPPERS, POLICY, type AdminFixture } from "../../support/admin-fixture";
import { brokenStore, writing } from "../../support/broken-store";
import { tempFolder } from "../../adapters/stores/temp-folder";

const fresh = tempFolder();
const stores: readonly (readonly [string, () => Store])[] = [
  ["memory", () => memoryStore()],
  ["SQLite", () => sqliteStore(fresh())],
];

let fixture: AdminFixture;
afterEach(() => fixture.close());

async function managed(store: Store, options?: Parameters<typeof adminFixture>[1]): Promise<AdminFixture> {
  fixture = await adminFixture(store, options);
  await fixture.admin.applyPolicy(POLICY);
  return fixture;
}

describe.each(stores)("the management service on %s", (_, newStore) => {
  it("creates a key that proves itself, and keeps only its digest", async () => {
    const { admin, store } = await managed(newStore());
    const created = await admin.createKey({ email: "alice@acme.test", name: "laptop", expiresAt: Date.UTC(2030, 0) });
    expect(created).toMatchObject({
      user: "alice@acme.test",
      name: "laptop",
      expiresAt: Date.UTC(2030, 0),
      works: true,
      why: null,
    });
    expect(parseKey(created.key)).toMatchObject({ id: created.id });
    const snapshot = await store.findKey(created.id);
    expect(snapshot?.user.email).toBe("alice@acme.test");
    expect(provesKey(PEPPERS, created.key, snapshot?.key ?? null)).toBe(true);
  });

  it("lists, shows and revokes keys; the first revocation stands", async () => {
    const { admin, clock } = await managed(newStore());
    const first = await admin.createKey({ email: "alice@acme.test", name: "laptop" });
    await clock.advance(1_000);
    const second = await admin.createKey({ email: "ian@acme.test", name: "desk" });
    expect((await admin.listKeys()).map(({ id }) => id)).toEqual([second.id, first.id]);
    expect((await admin.listKeys({ email: "alice@acme.test" })).map(({ id }) => id)).toEqual([first.id]);
    const revoked = await admin.revokeKey(first.id);
    await clock.advance(1_000);
    expect(await admin.revokeKey(first.id)).toEqual(revoked);
    expect(revoked).toEqual({ ...(await admin.showKey(first.id)), revokedAt: clock.now() - 1_000 });
  });

  it("has every change on record, and nothing of the key", async () => {
    const { admin, records, store } = await managed(newStore());
    const before = (await records()).length;
    const created = await admin.createKey({ email: "alice@acme.test", name: "laptop" });
    await admin.revokeKey(created.id);
    await admin.revokeKey(created.id);
    const after = (await records()).slice(before);
    expect(
      after.map(({ kind, operation, organization, keyId, outcome }) => [kind, operation, organization, keyId, outcome]),
    ).toEqual([
      ["admin", "key.create", "acme", created.id, null],
      ["admin", "key.revoke", "acme", created.id, null],
    ]);
    expect(after[0]?.change).toEqual({
      subject: `key:${created.id}`,
      before: null,
      after: { user: "alice@acme.test", name: "laptop", expiresAt: null },
    });
    const digest = (await store.findKey(created.id))?.key.digest ?? new Uint8Array();
    const written = JSON.stringify(await records());
    for (const secret of [created.key, created.key.slice(15), Buffer.from(digest).toString("hex"), "p".repeat(32)]) {
      expect(written).not.toContain(secret);
    }
  });
});

describe("a new key", () => {
  it.each([
    ["alice@acme.test", true, null],
    ["root@acme.test", true, null],
    ["gone@acme.test", false, "gone@acme.test is suspended."],
    ["nora@acme.test", false, "nora@acme.test is in no group."],
    ["ian@acme.test", false, "None of the groups of ian@acme.test (interns) has Personal API Key Access."],
  ])("of %s says whether it works yet, and why not", async (email, works, why) => {
    const { admin } = await managed(memoryStore());
    expect(await admin.createKey({ email, name: "laptop" })).toMatchObject({ works, why });
  });

  it("belongs to who was named, whatever else the request holds", async () => {
    const { admin, store } = await managed(memoryStore());
    const request = {
      email: "alice@acme.test",
      name: "laptop",
      userId: "other",
      id: "mine",
      digest: "0",
      createdAt: 1,
      groups: ["x"],
    };
    const { id } = await admin.createKey(request);
    const snapshot = await store.findKey(id);
    expect([snapshot?.user.email, snapshot?.key.expiresAt, snapshot?.key.createdAt]).toEqual([
      "alice@acme.test",
      null,
      fixture.clock.now(),
    ]);
  });

  it.each([
    ["no name", { name: "" }],
    ["a control character in its name", { name: "a\nb" }],
    ["a name without end", { name: "a".repeat(101) }],
    ["an end in the past", { name: "laptop", expiresAt: 1 }],
    ["half a millisecond", { name: "laptop", expiresAt: Date.UTC(2090, 0) + 0.5 }],
    ["no number for its end", { name: "laptop", expiresAt: NaN }],
  ])("is refused with %s", async (_, request) => {
    const { admin, records } = await managed(memoryStore());
    const before = await records();
    await expect(admin.createKey({ email: "alice@acme.test", ...request })).rejects.toMatchObject({
      code: "invalid_argument",
    });
    expect([await admin.listKeys(), await records()]).toEqual([[], before]);
  });

  it("is refused for an unknown user, and without a pepper", async () => {
    const { admin, store, clock } = await managed(memoryStore());
    await expect(admin.createKey({ email: "Alice@acme.test", name: "laptop" })).rejects.toMatchObject({
      code: "unknown_user",
    });
    const bare = createAdmin({ store, clock, random: () => new Uint8Array(1) });
    await expect(bare.createKey({ email: "alice@acme.test", name: "laptop" })).rejects.toMatchObject({
      code: "pepper_missing",
    });
  });
});

describe("a change", () => {
  it("does not happen when it cannot be put on record", async () => {
    const { admin, store, audit, clock } = await managed(memoryStore());
    const { id } = await admin.createKey({ email: "alice@acme.test", name: "laptop" });
    const epoch = await store.epoch();
    const full = { ...audit, append: async () => Promise.reject(new Error("disk full")) };
    const unrecorded = await adminFixture(store, { audit: full, clock });
    await expect(unrecorded.admin.createKey({ email: "alice@acme.test", name: "second" })).rejects.toThrow("disk full");
    await expect(unrecorded.admin.revokeKey(id)).rejects.toThrow("disk full");
    await expect(unrecorded.admin.applyPolicy({ ...POLICY, users: [] }, { prune: true })).rejects.toThrow("disk full");
    expect(await store.epoch()).toBe(epoch);
    await unrecorded.audit.close();
  });

  it("that fails after it was put on record is recorded as refused", async () => {
    const failing = writing(() => ({ insertKey: async () => Promise.reject(new Error("no space")) }));
    const { admin, records } = await managed(brokenStore(memoryStore(), failing));
    await expect(admin.createKey({ email: "alice@acme.test", name: "laptop" })).rejects.toThrow("no space");
    const last = (await records()).slice(-2);
    expect(last.map(({ operation, outcome, reason }) => [operation, outcome, reason])).toEqual([
      ["key.create", null, null],
      ["key.create", "refused", "internal"],
    ]);
    expect(last[0]?.keyId).toBe(last[1]?.keyId);
  });

  it("needs an organisation, and one only unless it is named", async () => {
    fixture = await adminFixture(memoryStore());
    const { admin, store, clock } = fixture;
    await expect(admin.users()).rejects.toMatchObject({ code: "no_organization" });
    await admin.applyPolicy({ ...POLICY, organization: "acme" });
    expect((await admin.applyPolicy({ ...POLICY, organization: "other" })).notes).toContainEqual(
      expect.stringContaining("(acme)"),
    );
    await expect(admin.users()).rejects.toMatchObject({ code: "several_organizations" });
    const named = await adminFixture(store, { clock, organization: "other" });
    expect(await named.admin.users()).toHaveLength(POLICY.users.length);
    expect([(await named.admin.groups()).length, (await named.admin.models()).length]).toEqual([2, 2]);
    await named.audit.close();
  });
});

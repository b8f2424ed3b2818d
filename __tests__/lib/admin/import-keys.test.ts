import { createHash } from "node:crypto";
import { memoryStore } from "../../../adapters/stores/memory";
import { sqliteStore } from "../../../adapters/stores/sqlite";
import type { ImportLine } from "../../../lib/admin";
import { importedKeyId } from "../../../lib/keys/imported-key";
import { provesKey } from "../../../lib/keys/pepper";
import type { Store } from "../../../lib/ports/store";
import { adminFixture, PEPPERS, POLICY, type AdminFixture } from "../../support/admin-fixture";
import { tempFolder } from "../../adapters/stores/temp-folder";

const fresh = tempFolder();
const stores: readonly (readonly [string, () => Store])[] = [
  ["memory", () => memoryStore()],
  ["SQLite", () => sqliteStore(fresh())],
];

const digestOf = (key: string) => Uint8Array.from(createHash("sha256").update(key).digest());
const line = (number: number, more: Partial<ImportLine> = {}): ImportLine => ({
  ...{ line: number, email: "alice@acme.test", name: "old", digest: digestOf(`key ${number}`), bits: 128 },
  ...more,
});

async function* each<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

let fixture: AdminFixture;
afterEach(() => fixture.close());

async function setting(store: Store): Promise<AdminFixture> {
  fixture = await adminFixture(store);
  await fixture.admin.applyPolicy(POLICY);
  return fixture;
}

describe.each(stores)("an import on %s", (_, newStore) => {
  it("makes a key of each line, found by its digest and proven by it, and never the digest itself", async () => {
    const { admin, store } = await setting(newStore());
    const limits = { models: ["gpt-*"], networks: ["192.0.2.0/24"] };
    expect(await admin.importKeys(each([line(1, limits)]))).toEqual({
      imported: 1,
      existing: 0,
      revoked: 0,
      refused: 0,
      problems: [],
    });
    const id = importedKeyId(digestOf("key 1"));
    const snapshot = await store.findKey(id);
    expect(snapshot?.key).toMatchObject({ id, name: "old", ...limits });
    expect(provesKey(PEPPERS, digestOf("key 1"), snapshot?.key ?? null)).toBe(true);
    expect(snapshot?.key.digest).not.toEqual(digestOf("key 1"));
    expect(await admin.showKey(id)).toMatchObject({ user: "alice@acme.test", imported: true });
  });

  it("does nothing again, also when it was interrupted, and revives no revoked key", async () => {
    const { admin, records } = await setting(newStore());
    const lines = Array.from({ length: 450 }, (_unused, at) => line(at + 1));
    const broken = async function* () {
      yield* lines.slice(0, 300);
      throw new Error("the pipe broke");
    };
    await expect(admin.importKeys(broken())).rejects.toThrow("the pipe broke");
    expect(await admin.importKeys(each(lines))).toMatchObject({ imported: 250, existing: 200 });
    await admin.revokeKey(importedKeyId(digestOf("key 7")));
    const before = (await records()).length;
    expect(await admin.importKeys(each(lines))).toMatchObject({ imported: 0, existing: 450 });
    expect([(await records()).length, (await admin.listKeys()).length]).toEqual([before, 450]);
    expect((await admin.showKey(importedKeyId(digestOf("key 7")))).revokedAt).not.toBeNull();
  });

  it("only says what it would do when it is tried", async () => {
    const { admin, store, records } = await setting(newStore());
    const [epoch, before] = [await store.epoch(), (await records()).length];
    const lines = [line(1), line(2), line(3, { digest: digestOf("key 1") })];
    expect(await admin.importKeys(each(lines), { dryRun: true })).toMatchObject({ imported: 2, existing: 1 });
    expect([await store.epoch(), (await records()).length]).toEqual([epoch, before]);
  });

  it("tells the lines that cannot be taken, and takes the others", async () => {
    const { admin, clock } = await setting(newStore());
    await admin.importKeys(each([line(1)]));
    const report = await admin.importKeys(
      each([
        line(2, { bits: 127 }),
        line(3, { email: "nobody@acme.test" }),
        line(4, { email: "sk-a-key-in-the-wrong-column" }),
        line(5, { digest: digestOf("key 1"), email: "root@acme.test" }),
        line(6, { models: [] }),
        line(7, { expiresAt: clock.now() }),
        { line: 8, message: "it is not a JSON object" },
        line(9),
        line(10, { digest: digestOf("key 9"), email: "root@acme.test" }),
      ]),
    );
    expect(report).toMatchObject({ imported: 1, existing: 0, refused: 8 });
    expect(report.problems.map((problem) => problem.line)).toEqual([2, 3, 4, 5, 6, 7, 8, 10]);
    expect(JSON.stringify(report)).not.toContain("wrong-column");
  });

  it("refuses a digest whose id another key has", async () => {
    const { admin, store } = await setting(newStore());
    await admin.importKeys(each([line(1)]));
    const id = importedKeyId(digestOf("key 1"));
    await store.rehash?.(new Map([[id, { from: 1, digest: new Uint8Array(32).fill(1), pepperVersion: 1 }]]));
    const { problems } = await admin.importKeys(each([line(1)]));
    expect(problems).toEqual([{ line: 1, message: expect.stringContaining("another key's") }]);
  });

  it("is on record key by key, with its strength and without its digest", async () => {
    const { admin, records } = await setting(newStore());
    await admin.importKeys(each([line(1)]));
    const id = importedKeyId(digestOf("key 1"));
    expect((await records()).at(-1)).toMatchObject({
      ...{ kind: "admin", operation: "key.import", keyId: id },
      change: { subject: `key:${id}`, before: null, after: { user: "alice@acme.test", name: "old", bits: 128 } },
    });
    expect(JSON.stringify(await records())).not.toContain(Buffer.from(digestOf("key 1")).toString("hex"));
  });
});

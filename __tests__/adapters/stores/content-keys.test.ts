import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryStore } from "../../../adapters/stores/memory";
import { postgresStore } from "../../../adapters/stores/postgres";
import { sqliteStore } from "../../../adapters/stores/sqlite";
import type { ContentKey, ContentKeys } from "../../../lib/ports/content-keys";
import type { Store } from "../../../lib/ports/store";
import { describeWithPostgres, postgresDatabases } from "../../support/postgres-server";

const key = (id: string, more: Partial<ContentKey> = {}): ContentKey => ({
  ...{
    id,
    organization: "acme",
    user: "alice@acme.test",
    wrapped: randomBytes(60),
    wrappedBy: "master-1",
    createdAt: 5,
  },
  ...more,
});

function keysOf(store: Store): ContentKeys {
  if (store.contentKeys === undefined) throw new Error(`The ${store.name} store keeps no keys of text.`);
  return store.contentKeys;
}

/** What the port says, on any store. */
function suite(open: () => Promise<Store>): void {
  let store: Store;
  let keys: ContentKeys;
  beforeEach(async () => {
    store = await open();
    await store.open();
    keys = keysOf(store);
  });
  afterEach(() => store.close());

  it("gives back what was kept, by subject and by id", async () => {
    const alice = key("a");
    expect(await keys.current("acme", "alice@acme.test")).toBeNull();
    expect(await keys.add(alice)).toEqual(alice);
    await keys.add(key("b", { user: "bob@acme.test" }));
    await keys.add(key("o", { organization: "other" }));
    expect(await keys.current("acme", "alice@acme.test")).toEqual({
      ...alice,
      wrapped: Uint8Array.from(alice.wrapped ?? []),
    });
    expect((await keys.find("b"))?.user).toBe("bob@acme.test");
    expect(await keys.find("nobody's")).toBeNull();
  });

  it("keeps one key of a subject, whoever is first", async () => {
    const given = await Promise.all(["1", "2", "3"].map((id) => keys.add(key(id))));
    expect(new Set(given.map(({ id }) => id)).size).toBe(1);
    expect((await keys.current("acme", "alice@acme.test"))?.id).toBe(given[0]?.id);
  });

  it("erases a subject's key for good, and takes a new one", async () => {
    await keys.add(key("a"));
    await keys.add(key("b", { user: "bob@acme.test" }));
    expect(await keys.erase("acme", "alice@acme.test")).toBe(1);
    expect(await keys.erase("acme", "alice@acme.test")).toBe(0);
    expect(await keys.current("acme", "alice@acme.test")).toBeNull();
    expect((await keys.find("a"))?.wrapped).toBeNull();
    await keys.rewrap("a", randomBytes(60), "master-2");
    expect((await keys.find("a"))?.wrapped).toBeNull();
    expect((await keys.add(key("next"))).id).toBe("next");
    expect((await keys.find("b"))?.wrapped).not.toBeNull();
  });

  it("says which keys another master key wraps, until they are wrapped anew", async () => {
    await keys.add(key("a"));
    await keys.add(key("b", { user: "bob@acme.test", wrappedBy: "master-2" }));
    expect((await keys.wrappedByOthers("master-2")).map(({ id }) => id)).toEqual(["a"]);
    await keys.rewrap("a", Uint8Array.of(1, 2, 3), "master-2");
    expect(await keys.wrappedByOthers("master-2")).toEqual([]);
    expect(await keys.find("a")).toMatchObject({ wrapped: Uint8Array.of(1, 2, 3), wrappedBy: "master-2" });
  });
}

describe("keys of text in memory", () => suite(async () => memoryStore()));

describe("keys of text in SQLite", () => {
  const folder = mkdtempSync(join(tmpdir(), "llm-gate-keys-"));
  let made = 0;
  afterAll(() => rmSync(folder, { recursive: true }));
  suite(async () => sqliteStore(join(folder, `${(made += 1)}.db`)));

  it("leaves no byte of an erased key in the files", async () => {
    const place = mkdtempSync(join(folder, "erased-"));
    const store = sqliteStore(join(place, "gate.db"));
    await store.open();
    const wrapped = randomBytes(60);
    const found = (): boolean =>
      readdirSync(place).some((file) => readFileSync(join(place, file)).includes(wrapped.subarray(8, 40)));
    await keysOf(store).add(key("a", { wrapped }));
    expect(found()).toBe(true);
    await keysOf(store).erase("acme", "alice@acme.test");
    expect(found()).toBe(false);
    await store.close();
  });
});

describeWithPostgres("keys of text in PostgreSQL", () => {
  const database = postgresDatabases();
  suite(async () => postgresStore(await database()));
});

import { sql, type CompiledQuery, type Kysely } from "kysely";
import { postgresAddress } from "../../../adapters/postgres/postgres-address";
import { listedKeys } from "../../../adapters/stores/kysely/list-keys";
import { listedGroups, listedUsers, membershipsOf } from "../../../adapters/stores/kysely/list-people";
import type { Schema } from "../../../adapters/stores/kysely/schema";
import type { SqlSeam } from "../../../adapters/stores/kysely/seam";
import { postgresStore } from "../../../adapters/stores/postgres";
import { connectPostgres } from "../../../adapters/stores/postgres/postgres-seam";
import { sqliteStore } from "../../../adapters/stores/sqlite";
import { connectSqlite } from "../../../adapters/stores/sqlite-seam";
import { bulkLoad, intoPostgres, intoSqlite, type BulkLoader } from "../../../bench/support/bulk-load";
import { createAdmin, type Admin } from "../../../lib/admin";
import { createPeppers, provesKey } from "../../../lib/keys/pepper";
import type { Store } from "../../../lib/ports/store";
import { group, POLICY } from "../../support/admin-fixture";
import { describeWithPostgres, postgresDatabases } from "../../support/postgres-server";
import { tempFolder } from "./temp-folder";

const KEYS = 20_000;
const USERS = 2_000;
const peppers = createPeppers({ current: 1, versions: { 1: "a pepper for many keys, which is long enough" } });
const clock = { now: () => Date.now(), monotonic: () => performance.now() };

interface Place {
  readonly store: Store;
  readonly load: () => Promise<BulkLoader>;
  readonly connect: () => Promise<SqlSeam>;
  /** What the database would do, a line a step. */
  readonly explain: (db: Kysely<Schema>, query: CompiledQuery) => Promise<string>;
}

/** Keys and users of one big organisation. */
async function fill({ store, load }: Place): Promise<{
  readonly admin: Admin;
  readonly organizationId: string;
  readonly some: readonly { readonly id: string; readonly key: string }[];
}> {
  await store.open();
  const admin = createAdmin({ store, clock, peppers, random: (size) => new Uint8Array(size) });
  const groups = Array.from({ length: 300 }, (_, at) => group(`group-${String(at).padStart(3, "0")}`, true));
  await admin.applyPolicy({ ...POLICY, users: [], groups });
  const [organization, first] = await store.admin.transaction(async (tx) => {
    const [only] = await tx.organizations();
    return [only?.id ?? "", (await tx.groups(only?.id ?? ""))[0]?.id ?? ""];
  });
  const { put, end } = await load();
  const some = await bulkLoad(put, {
    organizationId: organization,
    groupId: first,
    peppers,
    users: USERS,
    keys: KEYS,
    kept: 20,
  });
  await end();
  return { admin, organizationId: organization, some };
}

async function everyPage<Item>(
  page: (after: string | undefined) => Promise<{ readonly items: readonly Item[]; readonly next: string | null }>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (let after: string | undefined; ;) {
    const found = await page(after);
    items.push(...found.items);
    if (found.next === null) return items;
    after = found.next;
  }
}

/** Every page of every list, as it is asked for deep in the middle. */
function queries(db: Kysely<Schema>, organizationId: string): Readonly<Record<string, CompiledQuery>> {
  const after = { createdAt: 1_700_000_010_000, id: "5" };
  return {
    keys: listedKeys(db, organizationId, { limit: 100 }).compile(),
    "keys after": listedKeys(db, organizationId, { limit: 100, after }).compile(),
    "keys of a user": listedKeys(db, organizationId, { limit: 100, user: "user-0000042@acme.test" }).compile(),
    "keys of a pepper": listedKeys(db, organizationId, { limit: 100, after, pepperVersion: 1 }).compile(),
    users: listedUsers(db, organizationId, { limit: 100, after: "user-0001000@acme.test" }).compile(),
    memberships: membershipsOf(db, organizationId, ["one", "two"]).compile(),
    groups: listedGroups(db, organizationId, { limit: 100, after: "group-100" }).compile(),
  };
}

function scaleSuite(open: () => Promise<Place>, readsAll: RegExp): void {
  let place: Place;
  let filled: Awaited<ReturnType<typeof fill>>;
  beforeAll(async () => {
    place = await open();
    filled = await fill(place);
  }, 120_000);
  afterAll(() => place.store.close());

  it("finds keys that were put in straight, proven by what clients would send", async () => {
    for (const { id, key } of filled.some) {
      const snapshot = await place.store.findKey(id);
      expect([provesKey(peppers, key, snapshot?.key ?? null), snapshot?.groups.length]).toEqual([true, 1]);
    }
  });

  it("gives every key and every user once, page by page", async () => {
    const { admin } = filled;
    const keys = await everyPage((after) => admin.keyPage({ limit: 3_000, ...(after !== undefined && { after }) }));
    expect([keys.length, new Set(keys.map(({ id }) => id)).size]).toEqual([KEYS, KEYS]);
    expect(keys.every(({ createdAt }, at) => createdAt <= (keys[at - 1]?.createdAt ?? Infinity))).toBe(true);
    const users = await everyPage((after) => admin.userPage({ limit: 700, ...(after !== undefined && { after }) }));
    expect([users.length, users.filter(({ groups }) => groups.length === 1).length]).toEqual([USERS, USERS]);
    const groups = await everyPage((after) => admin.groupPage({ limit: 70, ...(after !== undefined && { after }) }));
    expect(groups).toHaveLength(300);
  });

  it("reads no table from end to end for a page, and sorts none", async () => {
    const seam = await place.connect();
    try {
      for (const [name, query] of Object.entries(queries(seam.reads, filled.organizationId))) {
        const plan = await place.explain(seam.reads, query);
        expect(readsAll.test(plan) ? `${name}: ${plan}` : name).toBe(name);
      }
    } finally {
      await seam.close();
    }
  });
}

const fresh = tempFolder();

describe("many keys on SQLite", () => {
  const path = fresh();
  const explain: Place["explain"] = async (db, { sql: text, parameters }) => {
    const { rows } = await db.executeQuery<{ readonly detail: string }>({
      ...sql`select 1`.compile(db),
      ...{ sql: `explain query plan ${text}`, parameters },
    });
    return rows.map(({ detail }) => detail).join("\n");
  };
  const open = async (): Promise<Place> => ({
    ...{ store: sqliteStore(path), explain, load: async () => intoSqlite(path) },
    connect: async () => connectSqlite(path),
  });
  // A user's own keys are few, and so are the groups of the users on a page: these may be sorted.
  scaleSuite(open, /^SCAN (keys|users|owners|memberships|groups)(?! USING)|SCAN keys USING/m);
});

describeWithPostgres("many keys on PostgreSQL", () => {
  const database = postgresDatabases();
  const explain: Place["explain"] = async (db, { sql: text, parameters }) => {
    const { rows } = await db.executeQuery<Readonly<Record<string, string>>>({
      ...sql`select 1`.compile(db),
      ...{ sql: `explain ${text}`, parameters },
    });
    return rows.map((row) => row["QUERY PLAN"]).join("\n");
  };
  const open = async (): Promise<Place> => {
    const url = await database();
    return {
      ...{ store: postgresStore(url), explain, load: () => intoPostgres(url) },
      connect: () => connectPostgres(postgresAddress(url), null),
    };
  };
  scaleSuite(open, /Seq Scan on (keys|users)/);
});

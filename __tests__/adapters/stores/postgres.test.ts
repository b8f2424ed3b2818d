import { Client } from "pg";
import { postgresStore } from "../../../adapters/stores/postgres";
import { seed, MODEL } from "../../../lib/conformance/store-fixtures";
import type { Store } from "../../../lib/ports/store";
import { describeWithPostgres, postgresDatabases } from "../../support/postgres-server";
import { inChildProcess } from "./child-process";

async function opened<T>(url: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = postgresStore(url);
  await store.open();
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

async function query(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows as readonly Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

describe("postgresStore", () => {
  it.each([
    undefined,
    "",
    "gate.db",
    "http://localhost/gate",
    "postgres://user:p@ss/word@host",
    "postgres://user:1?word@host/gate",
  ])("refuses the address %p without repeating it", (url) => {
    expect(() => postgresStore(url as string)).toThrow(/is written as a URL/);
    if (url) expect(() => postgresStore(url)).not.toThrow(url);
  });

  it("refuses options that it does not have", () => {
    expect(() => postgresStore("postgres://host/gate", { poolSize: 3 } as object)).toThrow(/no option "poolSize"/);
  });
});

describeWithPostgres("the PostgreSQL store", () => {
  const database = postgresDatabases();

  it("keeps text that PostgreSQL has no form for, and tells it from other text", async () => {
    await opened(await database(), async ({ ledger }) => {
      const entry = { organizationId: "acme", userId: "alice", upstream: "openai\0\u{f0000}", toolFree: true };
      const ids = ["resp", "resp\0", "resp\ud800", "resp\udfff", "resp\ufffd", "resp\u{f0000}", "resp\u{f0000}ffff"];
      for (const responseId of ids) {
        expect(await ledger.find("acme", responseId)).toBeNull();
        await ledger.remember({ ...entry, responseId });
      }
      for (const responseId of ids) expect(await ledger.find("acme", responseId)).toEqual({ ...entry, responseId });
    });
  });

  it("sorts names by their bytes, whatever language the database speaks", async () => {
    const url = await database();
    expect(await query(url, "select * from (values ('b'), ('B'), ('a')) as words (word) order by word")).toEqual([
      { word: "a" },
      { word: "b" },
      { word: "B" },
    ]);
    await opened(url, async (store) => {
      const { organization } = await seed(store);
      await store.admin.transaction(async (tx) => {
        for (const id of ["b", "B", "a", "Z"]) await tx.putModel(organization.id, { ...MODEL, id });
        expect((await tx.models(organization.id)).map(({ id }) => id)).toEqual(["B", "Z", "a", "b", MODEL.id]);
      });
    });
  });

  it("is opened by several processes at once, the first time too", async () => {
    const url = await database();
    const opening = `
      const { postgresStore } = load("adapters/stores/postgres");
      const store = postgresStore(${JSON.stringify(url)});
      await store.open();
      console.log(await store.epoch());
      await store.close();`;
    expect(await Promise.all(Array.from({ length: 4 }, () => inChildProcess(opening)))).toEqual(["0", "0", "0", "0"]);
  });

  it("leaves nothing of a migration whose process was killed in the middle of it", async () => {
    const url = await database();
    const dying = `
      const { MIGRATIONS } = load("adapters/stores/kysely/migrate");
      const { migrate } = load("adapters/stores/kysely/migrate");
      const { connectPostgres } = load("adapters/stores/postgres/postgres-seam");
      const seam = await connectPostgres({ url: ${JSON.stringify(url)}, label: "" }, null);
      const [first] = MIGRATIONS;
      const up = async (...given) => { await first.up(...given); process.kill(process.pid, "SIGKILL"); };
      await migrate(seam, [{ ...first, up }]);`;
    await expect(inChildProcess(dying)).rejects.toMatchObject({ signal: "SIGKILL" });
    expect(await query(url, "select tablename from pg_tables where schemaname = 'public'")).toEqual([]);
    await opened(url, seed);
  });

  it("keeps to a schema of its own in a database that others use", async () => {
    const url = await database();
    await query(url, "create schema llm");
    await query(url, "create table public.users (id int)");
    await expect(opened(url, async () => undefined)).rejects.toThrow(/holds a table of the same name already/);
    await opened(`${url}?options=-csearch_path%3Dllm`, seed);
    await opened(`${url}?options=-csearch_path%3Dllm`, async (store) => expect(await store.epoch()).toBe(5));
  });

  it("says what is wrong with a database in words that hold no password", async () => {
    const url = new URL(await database());
    const attempt = async (change: (address: URL) => void): Promise<string> => {
      const address = new URL(url);
      address.password = "secret";
      change(address);
      return opened(address.href, async () => "opened").catch((error: unknown) => (error as Error).message);
    };
    const messages = await Promise.all([
      attempt((address) => (address.pathname = "/nowhere")),
      attempt((address) => (address.port = "1")),
    ]);
    expect(messages).toEqual([
      `The database postgres://${url.host}/nowhere does not exist: create it first.`,
      `The database postgres://${url.hostname}:1${url.pathname} cannot be reached: nothing listens there.`,
    ]);
  });
});

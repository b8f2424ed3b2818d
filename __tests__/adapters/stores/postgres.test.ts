import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { llmGate } from "../../../adapters/index";
import { postgresOpenError } from "../../../adapters/postgres/postgres-error";
import { postgresStore } from "../../../adapters/stores/postgres";
import { testGate } from "../../../adapters/testing";
import { seed, MODEL } from "../../../lib/conformance/store-fixtures";
import type { Store } from "../../../lib/ports/store";
import { listLogger } from "../../support/key-fixture";
import { describeWithPostgres, postgresDatabases } from "../../support/postgres-server";
import { inChildProcess } from "./child-process";

const PEPPER = "a pepper for two gates, of thirty-two bytes or more";
const TURNED_MS = 20_000;

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

  it("has writers queue up, whatever isolation the database gives transactions that ask for none", async () => {
    const url = await database();
    await query(
      url,
      `alter database ${new URL(url).pathname.slice(1)} set default_transaction_isolation = 'serializable'`,
    );
    await opened(url, async (store) => {
      const { organization } = await seed(store);
      const before = await store.epoch();
      const ids = Array.from({ length: 12 }, (_, index) => `model-${index}`);
      const put = (id: string) => store.admin.transaction((tx) => tx.putModel(organization.id, { ...MODEL, id }));
      await Promise.all(ids.map(put));
      expect(await store.epoch()).toBe(before + ids.length);
    });
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

  it("says of a statement that waited for too long that another writes", async () => {
    const slow = query(await database(), "set statement_timeout = 20; select pg_sleep(5)");
    const said = await slow.catch((error: unknown) => postgresOpenError("postgres://host/gate", error).message);
    expect(said).toMatch(/^The database postgres:\/\/host\/gate did not get to it in time: another command may be/);
  });

  it("makes no gate ready that may only read, which could put no call on record, until it may write", async () => {
    const owner = new URL(await database());
    const kit = await testGate({ store: postgresStore(owner.href), pepper: PEPPER, logger: listLogger() });
    await kit.close();
    const reader = new URL(owner);
    reader.username = `reader_${owner.pathname.slice(1)}`;
    await query(owner.href, `create role ${reader.username} login`);
    await query(owner.href, `grant select on all tables in schema public to ${reader.username}`);
    const logger = listLogger();
    const gate = llmGate({ store: postgresStore(reader.href), pepper: PEPPER, logger });
    await gate.ready();
    expect(gate.health()).toMatchObject({ ready: false, auditWritable: false });
    await query(owner.href, `grant insert on audit to ${reader.username}`);
    for (const began = performance.now(); !gate.health().ready && performance.now() - began < TURNED_MS;)
      await sleep(50);
    expect(gate.health()).toMatchObject({ ready: true, auditWritable: true });
    expect(logger.lines.filter((line) => line.includes("lets this gate write"))).toHaveLength(2);
    await gate.close(0);
    await query(owner.href, `drop owned by ${reader.username}`);
    await query(owner.href, `drop role ${reader.username}`);
  }, 60_000);
});

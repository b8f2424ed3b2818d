import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { sqliteStore } from "../../../adapters/stores/sqlite";
import { openSqlite } from "../../../adapters/stores/sqlite-driver";
import { auditEvent } from "../../../lib/audit/record";
import { ENGINEERS, newKey, seed } from "../../../lib/conformance/store-fixtures";
import type { Store } from "../../../lib/ports/store";
import { inChildProcess } from "./child-process";
import { tempFolder } from "./temp-folder";

const KEY_ID = "0123456789";
const fresh = tempFolder();

const opened: Store[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

async function openStore(path: string): Promise<Store> {
  const store = sqliteStore(path);
  opened.push(store);
  await store.open();
  return store;
}

/** Does to the file what no code of the gate would. */
function tamper(path: string, sql: string): void {
  const connection = openSqlite(path);
  connection.exec(`pragma foreign_keys = off; ${sql}`);
  connection.close();
}

function failureOf(path: string): Promise<string> {
  return openStore(path).then(
    () => "opened",
    (error: unknown) => {
      const { name, message } = error as Error;
      return `${name}: ${message}`;
    },
  );
}

describe("a SQLite store's file", () => {
  it("is readable by its owner alone, and so are the files beside it", async () => {
    const path = fresh();
    await seed(await openStore(path));
    const modes = ["", "-wal", "-shm"].map((suffix) => statSync(path + suffix).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o600]);
  });

  it("keeps a write-ahead log and syncs every commit", async () => {
    const path = fresh();
    await openStore(path);
    const connection = openSqlite(path);
    expect(["journal_mode", "synchronous", "foreign_keys"].map((name) => connection.pragma(name))).toEqual([
      "wal",
      2,
      1,
    ]);
    connection.close();
  });

  it("has its pepper beside it", () => {
    expect(sqliteStore("/somewhere/gate.db").pepperFile).toBe("/somewhere/gate.db.pepper");
  });

  it("keeps the audit trail too", async () => {
    const store = await openStore(fresh());
    const audit = store.auditLog({ node: "test", boot: "1" });
    await audit.append([auditEvent("admin", 0, { operation: "policy.apply" })]);
    expect((await audit.read({})).map(({ record }) => [record.seq, record.operation])).toEqual([[1, "policy.apply"]]);
    await audit.close();
  });
});

describe("a SQLite store that cannot open says so in one sentence", () => {
  it("when its folder does not exist", async () => {
    const path = fresh("nowhere/gate.db");
    expect(await failureOf(path)).toBe(
      `ConfigurationError: The database ${path} cannot be created: its folder does not exist.`,
    );
  });

  it("when the path is a folder", async () => {
    const path = fresh("folder.db");
    mkdirSync(path);
    expect(await failureOf(path)).toMatch(
      /^ConfigurationError: The database .*folder\.db (cannot be opened|is a folder)[^.]*\.$/,
    );
  });

  it("when the file is no database", async () => {
    const path = fresh();
    writeFileSync(path, "organization: acme\n".repeat(100));
    expect(await failureOf(path)).toBe(`ConfigurationError: The database ${path} is not a SQLite database.`);
  });

  it("when the file is damaged", async () => {
    const path = fresh();
    await seed(await openStore(path));
    await opened.pop()?.close();
    const damaged = Buffer.alloc(statSync(path).size - 4096, 0xff);
    writeFileSync(path, damaged, { flag: "r+" });
    expect(await failureOf(path)).toMatch(
      /^ConfigurationError: The database \S+ (is damaged: restore it from a backup|is not a SQLite database)\.$/,
    );
  });

  it("when the file belongs to another application", async () => {
    const path = fresh();
    tamper(path, "create table users (id integer primary key)");
    expect(await failureOf(path)).toBe(
      `ConfigurationError: The database ${path} belongs to another application: give the gate a file of its own.`,
    );
  });

  it("when a newer release wrote the file", async () => {
    const path = fresh();
    await openStore(path);
    tamper(path, "insert into gate_migrations (version, name, applied_at) values (999, 'later', 0)");
    const [said, found, known] =
      /^ConfigurationError: The database \S+ was written by a newer express-llm-gate \(schema (\d+), this one knows (\d+)\): upgrade this package\.$/.exec(
        await failureOf(path),
      ) ?? [];
    expect(said).toContain(path);
    expect(Number(found)).toBe(999);
    expect(Number(known)).toBeLessThan(999);
  });

  it("when it is asked to live in memory", async () => {
    expect(await failureOf(":memory:")).toMatch(/for one in memory use memoryStore\(\)\.$/);
  });

  it("when an option is misspelt", () => {
    expect(() => sqliteStore("gate.db", { drivers: "node" } as object)).toThrow(
      /has no option "drivers"; it has driver, /,
    );
  });
});

describe("a SQLite store with a row that nobody should have written", () => {
  const tampered: readonly (readonly [string, string])[] = [
    ["broken JSON in a list", "update groups set models = '[\"gpt-*\"'"],
    ["no list at all", "update groups set deny_models = 'null'"],
    ["a list of other things", "update groups set providers = '[1]'"],
    ["a truth value of 2", "update groups set personal_api_key_access = 2"],
    ["an unknown DLP action", `update organizations set dlp = '{"request":{"EMAIL_ADDRESS":"ignore"}}'`],
    ["an unknown DLP field", `update organizations set dlp = '{"requests":{}}'`],
    ["an unknown role", "update users set role = 'root'"],
    ["an unknown status", "update users set status = ''"],
    ["a digest that is text", "update keys set digest = 'abc'"],
    ["a key whose user is gone", "delete from users"],
    ["a key whose organisation is gone", "delete from organizations"],
    ["a key whose user is of another organisation", "update users set organization_id = 'other'"],
    ["a group of another organisation", "update groups set organization_id = 'other'"],
  ];

  it.each(tampered)("rejects, and gives no half snapshot: %s", async (_, sql) => {
    const path = fresh();
    const store = await openStore(path);
    await seed(store);
    tamper(path, sql);
    await expect(store.findKey(KEY_ID)).rejects.toThrow("The store holds a malformed value in");
  });

  it("grants nothing for a membership whose group is gone", async () => {
    const path = fresh();
    const store = await openStore(path);
    await seed(store);
    tamper(path, "delete from groups");
    expect((await store.findKey(KEY_ID))?.groups).toEqual([]);
  });

  it("rejects a catalogue with a malformed model", async () => {
    const path = fresh();
    const store = await openStore(path);
    const { organization } = await seed(store);
    tamper(path, "update models set enabled = 'yes'");
    await expect(store.catalogue(organization.id)).rejects.toThrow("models.enabled");
  });
});

describe("a SQLite store that processes share", () => {
  it("shows within half a second what another process changed", async () => {
    const path = fresh();
    const store = await openStore(path);
    const { organization } = await seed(store);
    const epoch = await store.epoch();
    const printed = await inChildProcess(`
      const store = load("adapters/stores/sqlite").sqliteStore(${JSON.stringify(path)});
      await store.open();
      await store.admin.transaction((tx) => tx.revokeKey(${JSON.stringify(organization.id)}, "${KEY_ID}", 1));
      console.log(await store.epoch());
      await store.close();`);
    await sleep(500);
    expect([await store.epoch(), Number(printed)]).toEqual([epoch + 1, epoch + 1]);
    expect((await store.findKey(KEY_ID))?.key.revokedAt).toBe(1);
  });

  it("answers reads while another process writes, and writes when that is done", async () => {
    const path = fresh();
    const store = await openStore(path);
    const { organization } = await seed(store);
    const other = openSqlite(path);
    other.exec("begin immediate");
    const waiting = store.admin.transaction((tx) => tx.revokeKey(organization.id, KEY_ID, 1));
    expect((await store.findKey(KEY_ID))?.key.revokedAt).toBeNull();
    await sleep(20);
    other.exec("rollback");
    expect(await waiting).toBe(true);
    other.close();
  });

  it("finishes the transaction that runs when it is closed", async () => {
    const path = fresh();
    const store = await openStore(path);
    const { organization } = await seed(store);
    const running = store.admin.transaction(async (tx) => {
      await sleep(20);
      return tx.revokeKey(organization.id, KEY_ID, 1);
    });
    await Promise.all([running, sleep(5).then(() => store.close())]);
    expect((await (await openStore(path)).findKey(KEY_ID))?.key.revokedAt).toBe(1);
  });

  it("reads a group once for all keys that it is asked for together, and anew the next time", async () => {
    const store = await openStore(fresh());
    const { organization, user } = await seed(store);
    const other = { ...newKey(user.id), id: "another000" };
    await store.admin.transaction((tx) => tx.insertKey(organization.id, other));
    const groupsOf = async () =>
      [...((await store.findKeys?.([KEY_ID, other.id])) ?? new Map()).values()].map(
        (found) => "groups" in found && found.groups[0],
      );
    const [one, two] = await groupsOf();
    expect(one).toMatchObject({ name: ENGINEERS.name });
    expect(two).toBe(one);
    await store.admin.transaction((tx) => tx.putGroup(organization.id, { ...ENGINEERS, askModeOnly: true }));
    expect(await groupsOf()).toEqual([0, 1].map(() => expect.objectContaining({ askModeOnly: true })));
  });
});

import { MIGRATIONS, migrate, type Migration } from "../../../adapters/stores/kysely/migrate";
import { sqliteStore } from "../../../adapters/stores/sqlite";
import { openSqlite } from "../../../adapters/stores/sqlite-driver";
import { connectSqlite } from "../../../adapters/stores/sqlite-seam";
import { inChildProcess } from "./child-process";
import { tempFolder } from "./temp-folder";

const fresh = tempFolder();

function column(path: string, sql: string): unknown[] {
  const connection = openSqlite(path);
  const values = connection
    .prepare(sql)
    .all()
    .map((row) => Object.values(row)[0]);
  connection.close();
  return Array.from(values);
}

const TABLES = "select name from sqlite_master where type = 'table' order by name";
const VERSIONS = "select version from gate_migrations order by version";
const KNOWN = MIGRATIONS.map(({ version }) => version);

describe("migrations", () => {
  it("give each table an organisation, and the audit trail and its keys the organisation's name", async () => {
    const path = fresh();
    const store = sqliteStore(path);
    await store.open();
    await store.close();
    const ofAll: readonly unknown[] = [
      ...["audit_sink_places", "audit_sinks", "copies", "gate_migrations", "nodes", "organizations", "pepper_checks"],
    ];
    const tables = column(path, TABLES).filter((name) => !ofAll.includes(name));
    expect(tables).toEqual([
      "audit",
      "changes",
      "content_keys",
      "groups",
      "keys",
      "memberships",
      "models",
      "responses",
      "users",
    ]);
    for (const table of tables) {
      expect(
        column(path, `select name from pragma_table_info('${String(table)}') where name like 'organization%'`),
      ).toEqual([table === "audit" || table === "content_keys" ? "organization" : "organization_id"]);
    }
  });

  it("run once when several processes start at once on a new file", async () => {
    const path = fresh();
    const start = () =>
      inChildProcess(`
        const store = load("adapters/stores/sqlite").sqliteStore(${JSON.stringify(path)});
        await store.open();
        await store.admin.transaction((tx) => tx.putOrganization("acme", null));
        await store.close();`);
    await Promise.all([start(), start(), start(), start()]);
    expect(column(path, VERSIONS)).toEqual(KNOWN);
    expect(column(path, "select epoch from changes order by epoch")).toEqual([1, 2, 3, 4]);
    expect(column(path, "select name from organizations")).toEqual(["acme"]);
  });

  it("leave nothing of a step when the process is killed in the middle of it", async () => {
    const path = fresh();
    const killed = inChildProcess(`
      const { connectSqlite } = load("adapters/stores/sqlite-seam");
      const { migrate, MIGRATIONS } = load("adapters/stores/kysely/migrate");
      const up = async (db, types) => { await MIGRATIONS[0].up(db, types); process.kill(process.pid, "SIGKILL"); };
      await migrate(connectSqlite(${JSON.stringify(path)}), [{ version: 1, name: "killed", up }]);`);
    await expect(killed).rejects.toMatchObject({ signal: "SIGKILL" });
    expect(column(path, TABLES)).toEqual([]);
    const store = sqliteStore(path);
    await store.open();
    expect(await store.epoch()).toBe(0);
    await store.close();
  });

  it("keep the steps before one that fails, and take up there again", async () => {
    const path = fresh();
    const next = MIGRATIONS.length + 1;
    const failing = step(next, async () => Promise.reject(new Error("no disk")));
    await expect(migrated(path, [...MIGRATIONS, failing])).rejects.toThrow("no disk");
    expect(column(path, VERSIONS)).toEqual(KNOWN);
    expect(column(path, TABLES)).not.toContain("later");
    await migrated(path, [...MIGRATIONS, step(next, async () => undefined)]);
    expect(column(path, VERSIONS)).toEqual([...KNOWN, next]);
    expect(column(path, TABLES)).toContain("later");
  });

  it("keep the keys of an older release, with no limits", async () => {
    const path = fresh();
    await migrated(path, MIGRATIONS.slice(0, 1));
    const old = openSqlite(path);
    old.exec("insert into organizations values ('o1', 'acme', null)");
    old.exec("insert into users values ('u1', 'o1', 'alice@acme.test', 'user', 'active', null)");
    old.exec("insert into keys values ('0123456789', 'o1', 'u1', 'laptop', x'00', 1, 5, null, null)");
    old.close();
    const store = sqliteStore(path);
    await store.open();
    expect(await store.findKey("0123456789")).toMatchObject({ key: { name: "laptop", models: null, networks: null } });
    await store.close();
  });

  function step(version: number, then: () => Promise<void>): Migration {
    return {
      version,
      name: "later",
      up: async (db) => {
        await db.schema.createTable("later").addColumn("id", "text").execute();
        await then();
      },
    };
  }

  async function migrated(path: string, migrations: readonly Migration[]): Promise<void> {
    const seam = connectSqlite(path);
    try {
      await migrate(seam, migrations);
    } finally {
      await seam.close();
    }
  }
});

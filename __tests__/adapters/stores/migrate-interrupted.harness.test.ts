import { Client } from "pg";
import { MIGRATIONS } from "../../../adapters/stores/kysely/migrate";
import { postgresStore } from "../../../adapters/stores/postgres";
import { sqliteStore } from "../../../adapters/stores/sqlite";
import { openSqlite } from "../../../adapters/stores/sqlite-driver";
import type { Store } from "../../../lib/ports/store";
import { describeWithPostgres, postgresDatabases } from "../../support/postgres-server";
import { inChildProcess } from "./child-process";
import { tempFolder } from "./temp-folder";

interface Place {
  readonly store: () => Store;
  /** The same store, and its connection, as a script in a process of its own has them. */
  readonly opened: string;
  readonly connected: string;
  versions(): Promise<readonly number[]>;
}

const PROCESSES = 8;
const KNOWN = MIGRATIONS.map(({ version }) => version);
/** Which statement a process dies before. The first migration alone has some sixty. */
const DEADLY = [1, 4, 23, 58, 70, 9];

/** Dies before the statement of that number, counted from the start of this process. */
const killedAt = (statement: number, connected: string) => `
  const { migrate } = load("adapters/stores/kysely/migrate");
  const seam = ${connected};
  let statements = 0;
  const transformQuery = ({ node }) => {
    if ((statements += 1) === ${statement}) process.kill(process.pid, "SIGKILL");
    return node;
  };
  const writes = seam.writes.withPlugin({ transformQuery, transformResult: async ({ result }) => result });
  await migrate({ ...seam, writes });
  await seam.close();`;

function interruptedMigrations(fresh: () => Promise<Place>): void {
  it("run once when eight processes start at once", async () => {
    const place = await fresh();
    const start = () =>
      inChildProcess(`
        const store = ${place.opened};
        await store.open();
        await store.admin.transaction((tx) => tx.putOrganization("acme", null));
        await store.close();`);
    await Promise.all(Array.from({ length: PROCESSES }, start));
    expect(await place.versions()).toEqual(KNOWN);
    const store = place.store();
    await store.open();
    expect([await store.epoch(), (await store.changesSince(0)).length]).toEqual([PROCESSES, PROCESSES]);
    await store.close();
  }, 60_000);

  it("are taken up by the next start, wherever the one before was killed", async () => {
    const place = await fresh();
    const deaths: unknown[] = [];
    for (const statement of DEADLY) {
      await inChildProcess(killedAt(statement, place.connected)).catch((error: unknown) => deaths.push(error));
    }
    expect(deaths.length).toBeGreaterThan(3);
    for (const death of deaths) expect(death).toMatchObject({ signal: "SIGKILL" });
    const store = place.store();
    await store.open();
    await store.admin.transaction((tx) => tx.putOrganization("acme", null));
    expect([await place.versions(), await store.epoch()]).toEqual([KNOWN, 1]);
    await store.close();
  }, 60_000);
}

const folder = tempFolder();

describe("migrations of SQLite", () => {
  interruptedMigrations(async () => {
    const path = folder();
    const name = JSON.stringify(path);
    return {
      store: () => sqliteStore(path),
      opened: `load("adapters/stores/sqlite").sqliteStore(${name})`,
      connected: `load("adapters/stores/sqlite-seam").connectSqlite(${name})`,
      async versions() {
        const connection = openSqlite(path);
        const rows = connection.prepare("select version from gate_migrations order by version").all();
        connection.close();
        return rows.map((row) => Number(row["version"]));
      },
    };
  });
});

describeWithPostgres("migrations of PostgreSQL", () => {
  const database = postgresDatabases();
  interruptedMigrations(async () => {
    const url = await database();
    const name = JSON.stringify(url);
    return {
      store: () => postgresStore(url),
      opened: `load("adapters/stores/postgres").postgresStore(${name})`,
      connected: `await load("adapters/stores/postgres/postgres-seam").connectPostgres({ url: ${name}, label: "" }, null)`,
      async versions() {
        const client = new Client({ connectionString: url });
        await client.connect();
        const { rows } = await client.query<{ version: string }>(
          "select version from gate_migrations order by version",
        );
        await client.end();
        return rows.map(({ version }) => Number(version));
      },
    };
  });
});

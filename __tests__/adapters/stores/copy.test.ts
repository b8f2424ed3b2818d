import { generateKeyPairSync } from "node:crypto";
import { copyFileSync } from "node:fs";
import { COPIED_TABLES } from "../../../adapters/stores/copy/copied-tables";
import { copyStore } from "../../../adapters/stores/copy/copy-store";
import { migrate } from "../../../adapters/stores/kysely/migrate";
import type { SqlSeam } from "../../../adapters/stores/kysely/seam";
import { postgresAddress } from "../../../adapters/postgres/postgres-address";
import { postgresStore } from "../../../adapters/stores/postgres";
import { connectPostgres } from "../../../adapters/stores/postgres/postgres-seam";
import { sqliteStore } from "../../../adapters/stores/sqlite";
import { openSqlite } from "../../../adapters/stores/sqlite-driver";
import { connectSqlite } from "../../../adapters/stores/sqlite-seam";
import { auditEvent } from "../../../lib/audit/record";
import type { AdminTransaction, NewKey, Store } from "../../../lib/ports/store";
import { describeWithPostgres, postgresDatabases } from "../../support/postgres-server";
import { inChildProcess } from "./child-process";
import { tempFolder } from "./temp-folder";

const fresh = tempFolder();
const KEYS = 1_200;
/** What one database keeps and another does not, and what this one escapes with. */
const ODD = "odd \0 \ud800 \u{f0000}0041 \u{f0000}";
const KEPT = "odd \0 \u{f0000}0041";

const idOf = (number: number) => String(number).padStart(10, "0");

async function insertKeys(tx: AdminTransaction, organizationId: string, userId: string): Promise<void> {
  for (let number = 0; number < KEYS; number += 1) {
    const digest = Uint8Array.from({ length: 32 }, (_, at) => (number + at) % 256);
    const key: NewKey = {
      id: idOf(number),
      name: ODD,
      userId,
      digest,
      pepperVersion: 1,
      createdAt: number,
      expiresAt: null,
    };
    await tx.insertKey(organizationId, number % 2 === 0 ? key : { ...key, models: ["gpt-*"], imported: true });
  }
}

/** A store with something in every table, and a trail of two nodes with a signed checkpoint. */
async function fill(store: Store): Promise<void> {
  await store.open();
  await store.admin.transaction(async (tx) => {
    const { id } = await tx.putOrganization("acme", null);
    await tx.putModel(id, { id: ODD, provider: "p", displayName: "", enabled: true, upstreamModel: null, dlp: null });
    const group = { personalApiKeyAccess: true, askModeOnly: false, models: ["*"], providers: [], denyModels: [] };
    await tx.putGroup(id, { ...group, name: "all", denyProviders: [], dlp: null });
    const user = await tx.putUser(id, { email: "a@acme.test", role: "user", status: "active", groups: ["all"] });
    await insertKeys(tx, id, user.id);
    await tx.revokeKey(id, idOf(7), 5);
  });
  await store.ledger.remember({ responseId: KEPT, organizationId: "o", userId: "u", upstream: "x", toolFree: true });
  await store.markUsed?.(new Map([[idOf(3), 99]]));
  await store.pepperProofs?.(new Map([[2, Uint8Array.from([1, 0, 255])]]));
  await store.nodes?.beat({ node: "gate-1", boot: "b", appliedEpoch: 1, staleMs: 5, buses: [] });
  const checkpointKey = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  for (const node of ["gate-1", "gate-2"]) {
    const log = store.auditLog({ node, boot: "b", checkpointKey });
    const events = Array.from({ length: 600 }, (_, at) =>
      auditEvent("refusal", at, { model: `${ODD} ${at}`, user: `${node}\u{f0000}0000`, reason: "unknown_key" }),
    );
    for (let start = 0; start < 600; start += 100) await log.append(events.slice(start, start + 100));
    await log.append([auditEvent("checkpoint", 600, {})]);
    await log.close();
  }
}

/** All that a store says of itself. */
async function contents(store: Store): Promise<object> {
  await store.open();
  const log = store.auditLog({ node: "reader", boot: "b" });
  const trail = await log.read({ limit: 10_000 });
  const epoch = await store.epoch();
  const all = await store.admin.transaction(async (tx) => {
    const id = (await tx.organizations())[0]?.id ?? "";
    return [await tx.organizations(), await tx.groups(id), await tx.models(id), await tx.users(id), await tx.keys(id)];
  });
  const told = {
    ...{ epoch, all, heads: [...(await log.heads())].sort((a, b) => (a.node < b.node ? -1 : 1)) },
    records: trail.map(({ bytes, hash, columns }) => [Buffer.from(bytes).toString("base64"), hash, columns]),
    changes: await store.changesSince(epoch - 500),
    key: await store.findKey(idOf(8)),
    peppers: await store.pepperProofs?.(new Map()),
    response: await store.ledger.find("o", KEPT),
    nodes: (await store.nodes?.live(60_000_000))?.map(({ ageMs: _, ...node }) => node),
  };
  await log.close();
  await store.close();
  return told;
}

type Connect = () => Promise<SqlSeam>;

async function copy(from: Connect, to: Connect): Promise<Awaited<ReturnType<typeof copyStore>>> {
  const seams = [await from(), await to()] as const;
  try {
    for (const seam of seams) await migrate(seam);
    return await copyStore({ from: seams[0], to: seams[1] });
  } finally {
    for (const seam of seams) await seam.close();
  }
}

const sqlite =
  (path: string): Connect =>
  async () =>
    connectSqlite(path);

describe("a copy of a store", () => {
  let source: string;
  beforeAll(async () => {
    source = fresh();
    const store = sqliteStore(source);
    await fill(store);
    await store.close();
  });

  it("has every table of the schema", () => {
    const connection = openSqlite(source, { readonly: true });
    const tables = connection.prepare("select name from sqlite_master where type = 'table'").all();
    connection.close();
    const others = ["audit", "copies", "gate_migrations"];
    const copied = tables.map((row) => String(row["name"])).filter((name) => !others.includes(name));
    expect(COPIED_TABLES.map(({ name }) => name).sort()).toEqual(copied.sort());
  });

  it("says what the source says, from SQLite to SQLite, and is done once", async () => {
    const target = fresh();
    const { rows, before } = await copy(sqlite(source), sqlite(target));
    expect([before, rows["keys"], rows["audit"], rows["changes"]]).toEqual([false, KEYS, 1_202, KEYS + 5]);
    expect(await contents(sqliteStore(target))).toEqual(await contents(sqliteStore(source)));
    expect(await copy(sqlite(source), sqlite(target))).toMatchObject({ before: true });
  });

  it("is not called done when the source was written to since", async () => {
    const [from, target] = [fresh(), fresh()];
    copyFileSync(source, from);
    await copy(sqlite(from), sqlite(target));
    const store = sqliteStore(from);
    await store.open();
    await store.admin.transaction(async (tx) => tx.revokeKey((await tx.organizations())[0]?.id ?? "", idOf(9), 6));
    await store.close();
    await expect(copy(sqlite(from), sqlite(target))).rejects.toMatchObject({ code: "copy_changed" });
  });

  it("goes on where it was killed, and until then decides nothing", async () => {
    const target = fresh();
    const script = (batches: number) => `
      const { connectSqlite } = load("adapters/stores/sqlite-seam");
      const { migrate } = load("adapters/stores/kysely/migrate");
      const to = connectSqlite(${JSON.stringify(target)});
      await migrate(to);
      let batches = 0;
      const onProgress = () => (batches += 1) === ${batches} && process.kill(process.pid, "SIGKILL");
      await load("adapters/stores/copy/copy-store").copyStore({ from: connectSqlite(${JSON.stringify(source)}), to, onProgress });`;
    for (const batches of [2, 4, 3, 2]) {
      await expect(inChildProcess(script(batches))).rejects.toMatchObject({ signal: "SIGKILL" });
      await expect(sqliteStore(target).open()).rejects.toMatchObject({ code: "store_unfinished" });
    }
    await copy(sqlite(source), sqlite(target));
    expect(await contents(sqliteStore(target))).toEqual(await contents(sqliteStore(source)));
  });

  it("is refused into a store that holds anything else", async () => {
    const target = fresh();
    const other = sqliteStore(target);
    await other.open();
    await other.admin.transaction((tx) => tx.putOrganization("other", null));
    await other.close();
    await expect(copy(sqlite(source), sqlite(target))).rejects.toMatchObject({ code: "copy_target" });
  });

  it("is refused when the source changed since it began", async () => {
    const [changing, target] = [fresh(), fresh()];
    await copy(sqlite(source), sqlite(changing));
    const killed = inChildProcess(`
      const { connectSqlite } = load("adapters/stores/sqlite-seam");
      const { migrate } = load("adapters/stores/kysely/migrate");
      const to = connectSqlite(${JSON.stringify(target)});
      await migrate(to);
      const onProgress = () => process.kill(process.pid, "SIGKILL");
      await load("adapters/stores/copy/copy-store").copyStore({ from: connectSqlite(${JSON.stringify(changing)}), to, onProgress });`);
    await expect(killed).rejects.toMatchObject({ signal: "SIGKILL" });
    const store = sqliteStore(changing);
    await store.open();
    const log = store.auditLog({ node: "late", boot: "b" });
    await log.append([auditEvent("refusal", 1, {})]);
    await log.close();
    await store.close();
    await expect(copy(sqlite(changing), sqlite(target))).rejects.toMatchObject({ code: "copy_changed" });
  });

  describeWithPostgres("over PostgreSQL", () => {
    const database = postgresDatabases();

    it("says what the source says, there and back", async () => {
      const url = await database();
      const back = fresh();
      const postgres: Connect = () => connectPostgres(postgresAddress(url), null);
      await copy(sqlite(source), postgres);
      const expected = await contents(sqliteStore(source));
      expect(await contents(postgresStore(url))).toEqual(expected);
      await copy(postgres, sqlite(back));
      expect(await contents(sqliteStore(back))).toEqual(expected);
    });
  });
});

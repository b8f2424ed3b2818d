import { existsSync, renameSync, writeFileSync } from "node:fs";
import { sqliteStore } from "../../../adapters/stores/sqlite";
import { foundKey, KEY_ID, seed } from "../../../lib/conformance/store-fixtures";
import type { Store } from "../../../lib/ports/store";
import { tempFolder } from "./temp-folder";

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

/** A file with one key, revoked or not, that nobody has open. */
async function madeFile(revoked: boolean): Promise<string> {
  const path = fresh();
  const store = await openStore(path);
  const { organization } = await seed(store);
  if (revoked) await store.admin.transaction((tx) => tx.revokeKey(organization.id, KEY_ID, 1));
  await store.close();
  return path;
}

describe("a SQLite store whose file is replaced while it is open", () => {
  it("is that of the new file from the next look at its epoch on", async () => {
    const [path, other] = [await madeFile(false), await madeFile(true)];
    const store = await openStore(path);
    expect((await foundKey(store)).key.revokedAt).toBeNull();
    renameSync(other, path);
    await store.epoch();
    expect((await foundKey(store)).key.revokedAt).toBe(1);
  });

  it("fails while there is no file, makes none, and goes on with the one that comes", async () => {
    const path = await madeFile(false);
    const store = await openStore(path);
    renameSync(path, `${path}.away`);
    await expect(store.epoch()).rejects.toThrow(/ENOENT/);
    expect(existsSync(path)).toBe(false);
    renameSync(await madeFile(true), path);
    await Promise.all([store.epoch(), store.epoch()]);
    expect((await foundKey(store)).key.revokedAt).toBe(1);
  });

  it("stays out of reach over what is no database of the gate, until one is there", async () => {
    const [path, foreign] = [await madeFile(false), fresh()];
    const store = await openStore(path);
    writeFileSync(foreign, "no database, but some text of somebody's that is long enough to be read as one");
    renameSync(foreign, path);
    await expect(store.epoch()).rejects.toThrow(/is not a SQLite database/);
    await expect(store.findKey(KEY_ID)).rejects.toThrow(/not open/);
    renameSync(await madeFile(true), path);
    await store.epoch();
    expect((await foundKey(store)).key.revokedAt).toBe(1);
  });
});

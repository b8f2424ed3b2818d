import { loadSqliteDriver } from "../../../adapters/stores/load-sqlite-driver";
import { openSqlite } from "../../../adapters/stores/sqlite-driver";
import { sqliteErrorName } from "../../../adapters/stores/sqlite-error";
import { availableDrivers } from "./sqlite-drivers";
import { tempFolder } from "./temp-folder";

const fresh = tempFolder();

describe.each(availableDrivers)("the %s driver", (driver) => {
  it("keeps every kind of value as it is", () => {
    const connection = openSqlite(fresh(), { driver });
    connection.exec("create table kept (number integer, text text, bytes blob, missing text)");
    const insert = connection.prepare("insert into kept values (?, ?, ?, ?)");
    expect(insert.reader).toBe(false);
    expect(Number(insert.run(1_700_000_000_000, "naïve ✓ \n\u2028", Uint8Array.of(0, 255), null).changes)).toBe(1);
    const select = connection.prepare("select * from kept where number > ?");
    expect(select.reader).toBe(true);
    const row = select.get(0);
    expect({ ...row, bytes: Array.from(row?.["bytes"] as Uint8Array) }).toEqual({
      number: 1_700_000_000_000,
      text: "naïve ✓ \n\u2028",
      bytes: [0, 255],
      missing: null,
    });
    expect([...select.iterate(0)]).toHaveLength(1);
    expect(Array.from(select.all(2_000_000_000_000))).toEqual([]);
    connection.close();
    connection.close();
  });

  it("tells a locked database from other failures", () => {
    const path = fresh();
    const first = openSqlite(path, { driver });
    const second = openSqlite(path, { driver, busyTimeoutMs: 0 });
    first.exec("create table t (id text unique); begin immediate");
    expect(nameOfFailure(() => second.exec("begin immediate"))).toBe("BUSY");
    first.exec("commit; insert into t values ('a')");
    expect(nameOfFailure(() => second.exec("insert into t values ('a')"))).toBe("CONSTRAINT");
    expect(nameOfFailure(() => second.exec("nonsense"))).toBe("ERROR");
    first.close();
    second.close();
  });

  it("opens for reading without making or changing anything", () => {
    const path = fresh();
    expect(() => openSqlite(path, { driver, readonly: true })).toThrow(/cannot be opened: it is missing/);
    openSqlite(path, { driver }).close();
    const reader = openSqlite(path, { driver, readonly: true });
    expect(nameOfFailure(() => reader.exec("create table t (id text)"))).toBe("READONLY");
    reader.close();
  });

  it("sees another connection's commit in the data version", () => {
    const path = fresh();
    const reader = openSqlite(path, { driver });
    const writer = openSqlite(path, { driver });
    const before = reader.pragma("data_version");
    writer.exec("create table t (id text)");
    expect(reader.pragma("data_version")).not.toBe(before);
    reader.close();
    writer.close();
  });
});

it("a driver that this runtime lacks is named, with what to do", () => {
  const missing = (["node", "better-sqlite3"] as const).filter((name) => !availableDrivers.includes(name));
  for (const name of missing)
    expect(() => loadSqliteDriver(name)).toThrow(/leave the driver option out|npm install better-sqlite3/);
  expect(availableDrivers).toContain(loadSqliteDriver().name);
});

function nameOfFailure(work: () => void): string | null {
  try {
    work();
    return "none";
  } catch (error) {
    return sqliteErrorName(error);
  }
}

import {
  ledgerCases,
  nodeRegistryCases,
  sinkRegistryCases,
  sharedStoreCases,
  storeCases,
  type LedgerUnderTest,
} from "../../../lib/conformance";
import type { Store } from "../../../lib/ports/store";
import { memoryStore } from "../../../adapters/stores/memory";
import { sqliteStore } from "../../../adapters/stores/sqlite";
import { availableDrivers } from "./sqlite-drivers";
import { tempFolder } from "./temp-folder";

const TTL_MS = 60_000;
const fresh = tempFolder();

async function ledgerOf(open: (now: () => number) => Store): Promise<LedgerUnderTest> {
  let time = 1_700_000_000_000;
  const store = open(() => time);
  await store.open();
  return { ledger: store.ledger, ttlMs: TTL_MS, advance: (ms) => (time += ms), close: () => store.close() };
}

describe("the memory store", () => {
  for (const { name, run } of storeCases(() => memoryStore())) it(name, run);
  for (const { name, run } of nodeRegistryCases(() => memoryStore())) it(name, run);
  for (const { name, run } of ledgerCases(() => ledgerOf((now) => memoryStore({ ledgerTtlMs: TTL_MS, now }))))
    it(name, run);
});

describe.each(availableDrivers)("the SQLite store on %s", (driver) => {
  for (const { name, run } of storeCases(() => sqliteStore(fresh(), { driver }))) it(name, run);
  for (const { name, run } of nodeRegistryCases(() => sqliteStore(fresh(), { driver }))) it(name, run);
  for (const { name, run } of sinkRegistryCases(() => sqliteStore(fresh(), { driver }))) it(name, run);
  for (const { name, run } of ledgerCases(() =>
    ledgerOf((now) => sqliteStore(fresh(), { driver, ledgerTtlMs: TTL_MS, now })),
  ))
    it(name, run);
  for (const { name, run } of sharedStoreCases(() => pairOn(fresh()))) it(name, run);

  function pairOn(path: string) {
    return { first: sqliteStore(path, { driver }), second: sqliteStore(path, { driver }) };
  }
});

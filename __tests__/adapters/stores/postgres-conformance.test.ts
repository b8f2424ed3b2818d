import {
  ledgerCases,
  nodeRegistryCases,
  sharedStoreCases,
  sinkRegistryCases,
  storeCases,
} from "../../../lib/conformance";
import { postgresStore } from "../../../adapters/stores/postgres";
import { describeWithPostgres, postgresDatabases } from "../../support/postgres-server";

const TTL_MS = 60_000;

describeWithPostgres("the PostgreSQL store", () => {
  const database = postgresDatabases();

  for (const { name, run } of storeCases(async () => postgresStore(await database()))) it(name, run);
  for (const { name, run } of nodeRegistryCases(async () => postgresStore(await database()))) it(name, run);
  for (const { name, run } of sinkRegistryCases(async () => postgresStore(await database()))) it(name, run);
  for (const { name, run } of ledgerCases(async () => {
    let time = 1_700_000_000_000;
    const store = postgresStore(await database(), { ledgerTtlMs: TTL_MS, now: () => time });
    await store.open();
    return { ledger: store.ledger, ttlMs: TTL_MS, advance: (ms) => (time += ms), close: () => store.close() };
  }))
    it(name, run);
  for (const { name, run } of sharedStoreCases(async () => {
    const url = await database();
    return { first: postgresStore(url), second: postgresStore(url) };
  }))
    it(name, run);
});

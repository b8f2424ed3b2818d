import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import express from "express";
import { Client } from "pg";
import { llmGate } from "../../../adapters/index";
import { postgresStore } from "../../../adapters/stores/postgres";
import { testGate } from "../../../adapters/testing";
import { listLogger } from "../../support/key-fixture";
import { describeWithPostgres, postgresDatabases } from "../../support/postgres-server";

const PEPPER = "a pepper for both, of thirty-two bytes or more";
const TURNED_MS = 20_000;

async function query(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

describeWithPostgres("a gate whose database user may only read", () => {
  const database = postgresDatabases();

  /** The database after its owner's gate has ended, a key of it, and the same database as a reader has it. */
  async function readable() {
    const owner = new URL(await database());
    const kit = await testGate({ store: postgresStore(owner.href), pepper: PEPPER, logger: listLogger() });
    const key = await kit.mintKey();
    await kit.close();
    const reader = new URL(owner);
    reader.username = `reader_${owner.pathname.slice(1)}`;
    const name = reader.username;
    await query(owner.href, `create role ${name} login`, `grant select on all tables in schema public to ${name}`);
    const end = () => query(owner.href, `drop owned by ${name}`, `drop role ${name}`);
    return { owner: owner.href, reader: reader.href, name, key, end };
  }

  it("is not ready as long as it can put no call on record, says so once, and gets ready when it can", async () => {
    const { owner, reader, name, key, end } = await readable();
    const logger = listLogger();
    const gate = llmGate({ store: postgresStore(reader), pepper: PEPPER, logger });
    await gate.ready();
    const server = gate.protectServer(express().use(gate).listen(0, "127.0.0.1"));
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/models`;
    const ask = async () => (await fetch(url, { headers: { authorization: `Bearer ${key}` } })).status;
    expect(gate.health()).toMatchObject({ ready: false, auditWritable: false });
    expect(await ask()).toBe(503);
    await query(owner, `grant insert on audit to ${name}`);
    for (const began = performance.now(); !gate.health().ready && performance.now() - began < TURNED_MS;)
      await sleep(50);
    expect(gate.health()).toMatchObject({ ready: true, auditWritable: true });
    expect(await ask()).toBe(200);
    expect(logger.lines.filter((line) => line.includes("lets this gate write"))).toHaveLength(2);
    await gate.close(0);
    await end();
  }, 60_000);
});

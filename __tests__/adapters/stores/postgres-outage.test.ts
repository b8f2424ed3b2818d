import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import express from "express";
import { memoryAuditLog } from "../../../adapters/audit/memory";
import { postgresStore } from "../../../adapters/stores/postgres";
import { testGate } from "../../../adapters/testing";
import { appliedEverywhere } from "../../../lib/admin/applied-everywhere";
import type { AuditRecord } from "../../../lib/audit/record";
import { mintKey } from "../../../lib/keys/mint-key";
import { describeWithOwnPostgres, ownPostgres } from "../../support/postgres-server";

const STALE_MS = 30_000;
const RECOVERED_MS = 5_000;
/** An outage shows when a look at the store has timed out; until then a call may wait for that look. */
const NOTICED_MS = 8_000;
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

describeWithOwnPostgres("a gate whose PostgreSQL is out of reach", () => {
  const server = ownPostgres();
  const closing: (() => Promise<void>)[] = [];
  let mend: (() => Promise<void>) | null = null;
  const mended = async (): Promise<void> => {
    await mend?.();
    mend = null;
  };
  afterEach(async () => {
    await mended();
    for (const close of closing.splice(0).reverse()) await close();
  });

  /** A gate on PostgreSQL whose trail is elsewhere, so that the store alone is out of reach. */
  async function setting() {
    const records: AuditRecord[] = [];
    const log = memoryAuditLog({ node: "gate", boot: "b1" });
    const sink = { name: "test", write: (written: readonly AuditRecord[]) => void records.push(...written) };
    const store = postgresStore(await server().database());
    let passed = 0;
    const clock = { now: () => Date.now() + passed, monotonic: () => performance.now() + passed };
    const kit = await testGate({ store, clock, audit: { log, sinks: [sink] }, logger: silent });
    closing.push(kit.close);
    const listening = kit.gate.protectServer(express().use(kit.gate).listen(0, "127.0.0.1"));
    await once(listening, "listening");
    const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}/v1/models`;
    const ask = async (key: string) => {
      const began = performance.now();
      const { status } = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
      return { status, ms: performance.now() - began };
    };
    /** 200 where the record says that an old snapshot decided. */
    const staleness = async (key: string) => {
      const { status } = await ask(key);
      return { status: records.at(-1)?.staleAuth === true ? status : 0 };
    };
    const [known, late, revoked] = [await kit.mintKey(), await kit.mintKey(), await kit.mintKey()];
    await kit.revokeKey(revoked);
    await appliedEverywhere(store, { now: Date.now, monotonic: () => performance.now() }, RECOVERED_MS);
    expect([(await ask(known)).status, (await ask(revoked)).status]).toEqual([200, 401]);
    return { ask, staleness, records, known, late, revoked, pass: (ms: number) => void (passed += ms) };
  }

  const unknown = () => mintKey((size) => randomBytes(size)).key;

  /** Asks until the answer has this status; gives every status on the way. */
  async function until(ask: () => Promise<{ readonly status: number }>, wanted: number, limitMs: number) {
    const began = performance.now();
    const statuses = new Set<number>();
    for (;;) {
      const { status } = await ask();
      statuses.add(status);
      if (status === wanted) return statuses;
      if (performance.now() - began > limitMs) throw new Error(`still ${status} after ${limitMs} ms`);
      await sleep(20);
    }
  }

  it.each([
    ["hangs", async () => server().freeze(), async () => server().thaw()],
    ["is killed", () => server().kill(), () => server().start()],
  ])(
    "serves known keys for 30 seconds and says so on record, refuses all others as unavailable, and recovers when it %s",
    async (_, fail, heal) => {
      const { ask, staleness, records, known, late, revoked, pass } = await setting();
      mend = heal;
      await fail();
      expect(await until(() => ask(late), 503, NOTICED_MS)).toEqual(new Set([503]));
      await until(() => staleness(known), 200, NOTICED_MS);
      const served = await Promise.all(Array.from({ length: 20 }, () => ask(known)));
      expect(new Set(served.map(({ status }) => status))).toEqual(new Set([200]));
      expect(records.at(-1)).toMatchObject({ kind: "completion", staleAuth: true });
      const refused = [await ask(unknown()), await ask(unknown()), await ask(late)];
      expect(refused.map(({ status }) => status)).toEqual([503, 503, 503]);
      expect(Math.max(...[...served, ...refused].map(({ ms }) => ms))).toBeLessThan(1_000);
      expect((await ask(revoked)).status).toBe(401);

      pass(STALE_MS);
      expect((await ask(known)).status).toBe(503);

      await mended();
      expect(await until(() => ask(late), 200, RECOVERED_MS)).not.toContain(401);
      expect((await ask(known)).status).toBe(200);
      expect(records.at(-1)).toMatchObject({ kind: "completion", staleAuth: false });
      expect((await ask(unknown())).status).toBe(401);
    },
    30_000,
  );
});

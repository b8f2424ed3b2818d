import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { postgresStore } from "../../../adapters/stores/postgres";
import { sqliteStore } from "../../../adapters/stores/sqlite";
import { openSqlite } from "../../../adapters/stores/sqlite-driver";
import { checkpointSigner, publicKeysIn } from "../../../lib/audit/checkpoint-key";
import type { SignedCheckpoint } from "../../../lib/audit/checkpoint";
import { planPrune, type PrunePlan } from "../../../lib/audit/plan-prune";
import { pruneTrail } from "../../../lib/audit/prune-trail";
import { auditEvent, type AuditEvent } from "../../../lib/audit/record";
import type { TrailVerdict } from "../../../lib/audit/trail-verdict";
import { verifyTrail } from "../../../lib/audit/verify-trail";
import type { AuditLog } from "../../../lib/ports/audit-log";
import type { Store } from "../../../lib/ports/store";
import { checkpointKeys } from "../../support/checkpoint-key";
import { describeWithPostgres, postgresDatabases } from "../../support/postgres-server";

const { privateKey, publicKey } = checkpointKeys();
const KEYS = publicKeysIn(publicKey);
const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);

interface Database {
  readonly store: Store;
  run(sql: string): Promise<void>;
}

interface Trail extends Database {
  log(node: string): AuditLog;
  /** On the given day. */
  append(node: string, day: number, ...events: readonly Partial<AuditEvent>[]): Promise<void>;
  checkpoint(node: string, day: number): Promise<SignedCheckpoint>;
  plan(day: number): Promise<PrunePlan>;
  /** What is older than that day; two days after it. */
  prune(day: number): Promise<number>;
  verify(copies?: readonly SignedCheckpoint[]): Promise<TrailVerdict>;
}

function suite(open: () => Promise<Database>): void {
  let trail: Trail;
  const closing: (() => Promise<void>)[] = [];
  beforeEach(async () => (trail = await openTrail(await open(), closing)));
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  /** Ten records of each of two nodes on each of days 1 to 4, and a checkpoint at the end of each day. */
  async function fourDays(): Promise<readonly SignedCheckpoint[]> {
    const copies: SignedCheckpoint[] = [];
    for (const day of [1, 2, 3, 4]) {
      await trail.append("one", day, ...Array<object>(10).fill({}));
      await trail.append("two", day, ...Array<object>(10).fill({}));
      copies.push(await trail.checkpoint("one", day));
    }
    return copies;
  }

  it("is no trail to prune when a chain says that it began before a checkpoint that does not know it", async () => {
    await trail.append("one", 1, {}, {});
    const copies = [await trail.checkpoint("one", 2)];
    await trail.append("late", 2 - 19 / 1_440, {});
    await trail.append("new", 3, {}, {});
    expect(await trail.verify(copies)).toMatchObject({ status: "clean", faults: 0 });
    await trail.append("forged", 2 - 21 / 1_440, {}, {});
    const firstBad = { node: "forged", boot: expect.any(String), seq: 1, reason: "backdated" };
    expect(await trail.verify(copies)).toMatchObject({ status: "tampered", faults: 1, firstBad });
    copies.push(await trail.checkpoint("one", 4));
    expect(await trail.verify(copies)).toMatchObject({ status: "tampered", faults: 1, firstBad });
    await expect(trail.plan(5)).rejects.toThrow("(forged 1: backdated)");
  });

  it("drops what the newest checkpoint before the time covers, keeps that, and is clean and says where it begins", async () => {
    const copies = await fourDays();
    expect(await trail.plan(4)).toMatchObject({ records: 62, covered: copies[2]?.at, heldBackBy: [] });
    expect(await trail.prune(4)).toBe(62);
    const verdict = await trail.verify(copies);
    expect(verdict).toMatchObject({
      ...{ status: "clean", firstBad: null, records: 24, faults: 0 },
      checkpoints: { onRecord: 3, copied: 4, signaturesChecked: true },
      pruned: {
        checkpoint: 3,
        chains: [
          { node: "one", through: 32 },
          { node: "two", through: 30 },
        ],
      },
    });
    expect(await trail.prune(4)).toBe(0);
  });

  it("prunes again, and goes on with positions where it was", async () => {
    const copies = await fourDays();
    await trail.prune(3);
    await trail.append("two", 5, {});
    await trail.checkpoint("two", 5);
    await trail.prune(6);
    await trail.append("one", 7, {}, {});
    expect(await trail.verify(copies)).toMatchObject({ status: "clean", pruned: { checkpoint: 6 } });
    expect((await trail.log("one").heads()).map(({ node, seq }) => [node, seq])).toEqual(
      expect.arrayContaining([
        ["one", 46],
        ["two", 42],
      ]),
    );
  });

  it("keeps the last record of a chain that ended long ago", async () => {
    await trail.append("old", 1, {}, {}, {});
    await trail.checkpoint("old", 1);
    const copies = await fourDays();
    await trail.prune(4);
    const verdict = await trail.verify(copies);
    expect(verdict).toMatchObject({ status: "clean", firstBad: null });
    expect(verdict.nodes.find(({ node }) => node === "old")).toMatchObject({ seq: 4 });
    await trail.append("old", 9, {});
    expect((await trail.verify()).nodes.find(({ node }) => node === "old")).toMatchObject({ seq: 5 });
  });

  it("drops nothing that a sink does not have", async () => {
    await fourDays();
    const { sinks } = trail.store;
    const heads = await trail.log("one").heads();
    await sinks?.take({ sink: "slow", holder: "g", leaseMs: 1, heads, from: "beginning" });
    expect(await trail.plan(4)).toMatchObject({ note: null, records: 0, heldBackBy: ["slow"] });
    await sinks?.note(
      "slow",
      new Map([
        ["one", 21],
        ["two", 20],
      ]),
      null,
    );
    expect(await trail.plan(4)).toMatchObject({ records: 41, heldBackBy: ["slow"] });
    await sinks?.remove("slow");
    expect(await trail.plan(4)).toMatchObject({ records: 62, heldBackBy: [] });
  });

  it.each([
    ["deletes the beginning without a word", "delete from audit where seq <= 11", "gap"],
    ["deletes more than was pruned", "delete from audit where node = 'two' and seq <= 31", "gap"],
    ["deletes the checkpoint that a prune left", "delete from audit where node = 'one' and seq = 33", "gap"],
    ["deletes the word of the prune", "delete from audit where kind = 'admin'", "gap"],
    [
      "changes the first record that is left",
      "update audit set reason = 'missing' where node = 'two' and seq = 31",
      "column_mismatch",
    ],
  ])("shows that somebody %s", async (_, sql, reason) => {
    const copies = await fourDays();
    if (!sql.includes("seq <= 11")) await trail.prune(4);
    await trail.run(sql);
    expect(await trail.verify(copies)).toMatchObject({ status: "tampered", firstBad: { reason } });
  });

  it("takes no prune for one that is signed with another key, or not at all", async () => {
    await fourDays();
    const plan = await trail.plan(4);
    const other = checkpointSigner(checkpointKeys().privateKey);
    const source = trail.store.trail?.();
    if (source === undefined) throw new Error("no trail");
    await pruneTrail({ trail: source, log: trail.log("cli"), signer: other, now: START + 9 * DAY }, plan);
    await source.close();
    expect(await trail.verify()).toMatchObject({
      status: "tampered",
      pruned: null,
      firstBad: { seq: 1, reason: "gap" },
    });
  });

  it("says what a prune that was cut off left, and ends it the next time", async () => {
    await fourDays();
    await trail.run("create table copy as select * from audit where node = 'two' and seq between 25 and 30");
    await trail.prune(4);
    const columns =
      'node, boot, seq, record, hash, at, kind, organization, "user", key_id, request_id, protocol, model, decision, reason, status, outcome';
    await trail.run(`insert into audit (${columns}) select ${columns} from copy`);
    expect(await trail.verify()).toMatchObject({
      ...{ status: "incomplete", firstBad: { node: "two", seq: 25, reason: "unpruned" } },
    });
    expect((await trail.plan(4)).unfinished).toEqual(new Map([["two", 30]]));
    expect(await trail.prune(4)).toBe(6);
    expect(await trail.verify()).toMatchObject({ status: "clean" });
  });

  it("is not planned beside another prune, whose cuts the note would lack: the trail would never verify again", async () => {
    await fourDays();
    const source = trail.store.trail?.();
    if (source === undefined) throw new Error("This store has no trail.");
    closing.push(() => source.close());
    const verifyRange: typeof source.verifyRange = async (node, ...range) => {
      const verified = await source.verifyRange(node, ...range);
      if (node === "two") await trail.prune(4);
      return verified;
    };
    const question = { before: new Date(START + 4 * DAY).toISOString(), keys: KEYS, sinks: [] };
    await expect(planPrune({ ...source, verifyRange }, question)).rejects.toThrow("another prune runs");
    expect(await trail.verify()).toMatchObject({ status: "clean" });
  });

  it("does not make evidence vanish: what was tampered with stays", async () => {
    await fourDays();
    await trail.run("update audit set hash = record where node = 'two' and seq = 3");
    await expect(trail.plan(4)).rejects.toThrow("the trail was tampered with (two 3: bad_hash)");
  });
}

async function openTrail(database: Database, closing: (() => Promise<void>)[]): Promise<Trail> {
  const { store } = database;
  await store.open();
  closing.push(() => store.close());
  const logs = new Map<string, AuditLog>();
  const log = (node: string): AuditLog => {
    const known = logs.get(node) ?? store.auditLog({ node, boot: "b", checkpointKey: privateKey });
    if (!logs.has(node)) closing.push(() => known.close());
    logs.set(node, known);
    return known;
  };
  const source = store.trail?.();
  if (source === undefined) throw new Error("This store has no trail.");
  closing.push(() => source.close());
  const at = (day: number): number => START + day * DAY;
  const plan = async (day: number): Promise<PrunePlan> => {
    const sinks = (await store.sinks?.list()) ?? [];
    return planPrune(source, { before: new Date(at(day)).toISOString(), keys: KEYS, sinks });
  };
  return {
    ...database,
    ...{ log, plan },
    async append(node, day, ...events) {
      await log(node).append(events.map((facts) => auditEvent("refusal", at(day), facts)));
    },
    async checkpoint(node, day) {
      const [record] = await log(node).append([auditEvent("checkpoint", at(day), {})]);
      if (record?.checkpoint == null) throw new Error("no checkpoint");
      return record.checkpoint;
    },
    async prune(day) {
      const parts = { trail: source, log: log("cli"), signer: checkpointSigner(privateKey), now: at(day + 2) };
      return pruneTrail(parts, await plan(day));
    },
    verify: (copies = []) => verifyTrail(source, { keys: KEYS, copies: each(copies) }),
  };
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

describe("a trail in SQLite that is pruned", () => {
  const folder = mkdtempSync(join(tmpdir(), "llm-gate-prune-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let count = 0;
  suite(async () => {
    const path = join(folder, `${(count += 1)}.db`);
    const run = async (sql: string): Promise<void> => {
      const connection = openSqlite(path);
      connection.exec(sql);
      connection.close();
    };
    return { store: sqliteStore(path), run };
  });
});

describeWithPostgres("a trail in PostgreSQL that is pruned", () => {
  const fresh = postgresDatabases();
  suite(async () => {
    const url = await fresh();
    const run = async (sql: string): Promise<void> => {
      const client = new Client({ connectionString: url });
      await client.connect();
      await client.query(sql);
      await client.end();
    };
    return { store: postgresStore(url), run };
  });
});

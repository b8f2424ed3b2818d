import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sqliteStore } from "../../adapters/stores/sqlite";
import { testGate, type TestGateOptions } from "../../adapters/testing";
import type { SignedCheckpoint } from "../../lib/audit/checkpoint";
import { publicKeysIn } from "../../lib/audit/checkpoint-key";
import { isSignedBy } from "../../lib/audit/checkpoint";
import { takeCheckpoints } from "../../lib/take-checkpoints";
import { checkpointKeys } from "../support/checkpoint-key";

const folder = mkdtempSync(join(tmpdir(), "llm-gate-take-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const keys = checkpointKeys();
const key = join(folder, "checkpoint.key");
writeFileSync(key, keys.privateKey, { mode: 0o600 });

function linesOf(file: string): readonly SignedCheckpoint[] {
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as SignedCheckpoint);
}

const silent = { debug: () => 0, info: () => 0, warn: () => 0 };

/** Fails when it takes too long: the condition is the claim. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5);
}

it("takes one at start, goes on while nothing happens, takes the last at a clean stop, and copies each out", async () => {
  const file = join(folder, "gate.jsonl");
  const checkpoints = { key, file, everyMs: 20 };
  const options: TestGateOptions = {
    store: sqliteStore(join(folder, "gate.db")),
    audit: { node: "gate-1", checkpoints },
  };
  const { close, trail } = await testGate(options);
  const atStart = linesOf(file).length;
  await until(() => linesOf(file).length >= 4);
  const onRecord = (await trail()).flatMap(({ checkpoint }) => checkpoint ?? []);
  await close();
  const copied = linesOf(file);
  expect(atStart).toBeGreaterThanOrEqual(1);
  expect(copied.slice(0, onRecord.length)).toEqual(onRecord);
  expect(copied.map(({ number }) => number)).toEqual(copied.map((_, index) => index + 1));
  expect(copied.length).toBeGreaterThan(onRecord.length);
  const [publicKey] = [...publicKeysIn(keys.publicKey).values()];
  expect(publicKey && copied.every((checkpoint) => isSignedBy(checkpoint, publicKey))).toBe(true);
});

it("takes none when none are asked for, and refuses options that it would misread", async () => {
  const { trail, close } = await testGate();
  expect((await trail()).filter(({ kind }) => kind === "checkpoint")).toEqual([]);
  await close();
  const refused = async (checkpoints: object): Promise<unknown> =>
    testGate({ audit: { checkpoints } as unknown as NonNullable<TestGateOptions["audit"]> }).catch((error: unknown) =>
      String(error),
    );
  expect(await refused({ file: "x" })).toMatch(/audit\.checkpoints\.key/);
  expect(await refused({ key, files: "x" })).toMatch(/no option "audit\.checkpoints\.files". Did you mean "file"/);
  expect(await refused({ key, everyMs: 0 })).toMatch(/audit\.checkpoints\.everyMs/);
  expect(await refused({ key: join(folder, "gone") })).toMatch(/is not there/);
});

it("copies out later what could not be copied at once, in order", async () => {
  const copied: number[] = [];
  const said: string[] = [];
  const down = { now: true };
  let taken = 0;
  const checkpoints = takeCheckpoints({
    take: async () => ({ number: ++taken }) as SignedCheckpoint,
    copy: {
      write: async (given) => {
        if (down.now) throw new Error("disk full");
        copied.push(...given.map(({ number }) => number));
      },
    },
    logger: { ...silent, error: (message: string) => said.push(message) },
    everyMs: 1_000_000,
  });
  await checkpoints.start();
  await checkpoints.start();
  expect([copied, said.length]).toEqual([[], 2]);
  down.now = false;
  await checkpoints.stop();
  expect(copied).toEqual([1, 2, 3]);
  await checkpoints.stop();
  expect(taken).toBe(3);
});

it("refuses to start as a node that runs already, on the same trail, and takes its name over when it has gone", async () => {
  const path = join(folder, "claimed.db");
  const first = await testGate({ store: sqliteStore(path), audit: { node: "gate-1" } });
  const logger = { ...silent, error: () => 0 };
  const second = testGate({ store: sqliteStore(path), audit: { node: "gate-1" }, logger });
  await expect(second).rejects.toThrow('Another running process already writes this audit trail as node "gate-1"');
  const other = await testGate({ store: sqliteStore(path), audit: { node: "gate-2" } });
  await first.close();
  const next = await testGate({ store: sqliteStore(path), audit: { node: "gate-1" } });
  await Promise.all([next.close(), other.close()]);
});

it("goes on taking them, and comes to its end, while the copy hangs, which gets all of them afterwards", async () => {
  const [logged, copies]: [string[], SignedCheckpoint[][]] = [[], []];
  let [taken, isAway] = [0, true];
  const answered: (() => void)[] = [];
  const checkpoints = takeCheckpoints({
    take: async () => ({ number: (taken += 1) }) as SignedCheckpoint,
    copy: {
      write: async (written) => {
        copies.push([...written]);
        if (isAway) await new Promise<void>((resolve) => answered.push(resolve));
      },
    },
    logger: { ...silent, error: (_, meta) => void logged.push(JSON.stringify(meta)) },
    ...{ everyMs: 5, copyMs: 20 },
  });
  await checkpoints.start();
  await until(() => logged.length >= 3);
  expect([copies.length, logged[0]]).toEqual([1, JSON.stringify({ error: "no answer within 20 ms" })]);
  isAway = false;
  answered.forEach((answer) => answer());
  await until(() => copies.flat().length >= 4);
  await checkpoints.stop();
  const copied = copies.flat().map(({ number }) => number);
  expect(copied).toEqual(Array.from({ length: taken }, (_, index) => index + 1));
});

it("comes to its end while the copy hangs for good", async () => {
  const hangs = { write: () => new Promise<void>(() => undefined) };
  const take = async (): Promise<SignedCheckpoint> => ({ number: 1 }) as SignedCheckpoint;
  const parts = { take, copy: hangs, logger: { ...silent, error: () => 0 }, everyMs: 60_000, copyMs: 20 };
  const checkpoints = takeCheckpoints(parts);
  await checkpoints.start();
  await expect(checkpoints.stop()).resolves.toBeUndefined();
});

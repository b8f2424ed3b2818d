import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sqliteAuditLog } from "../../../adapters/audit/sqlite";
import { openSqlite } from "../../../adapters/stores/sqlite-driver";
import { sqliteStore } from "../../../adapters/stores/sqlite";
import { createChainVerifier } from "../../../lib/audit/verify-chain";
import type { AuditLog, StoredRecord } from "../../../lib/ports/audit-log";
import { createRecorder } from "../../../lib/stages/record";
import { manualClock } from "../../support/manual-clock";
import { tempFolder } from "../stores/temp-folder";

const KILLS = 5;
const fresh = tempFolder();
const silent = { debug: () => 0, info: () => 0, warn: () => 0, error: () => 0 };

/** What the process said was durable before SIGKILL, at some moment under load. */
async function killedUnderLoad(path: string, boot: string): Promise<readonly string[]> {
  const script = join(__dirname, "../../support/append-until-killed.js");
  const child = spawn(process.execPath, [script, path, boot], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await once(child.stdout, "data");
  await sleep(50 + Math.random() * 250);
  child.kill("SIGKILL");
  await once(child, "close");
  return said.slice(0, said.lastIndexOf("\n")).split("\n");
}

async function wholeChain(log: AuditLog): Promise<readonly StoredRecord[]> {
  return log.read({ node: "gate-1", afterSeq: 0, limit: 1_000_000 });
}

function integrityOf(path: string): unknown {
  const connection = openSqlite(path);
  try {
    return connection.pragma("integrity_check");
  } finally {
    connection.close();
  }
}

it(`loses nothing that it acknowledged over ${KILLS} kills under load, and ends every open call at the next start`, async () => {
  const path = fresh();
  const store = sqliteStore(path);
  await store.open();
  const acknowledged: string[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) acknowledged.push(...(await killedUnderLoad(path, `boot-${kill}`)));
  expect(integrityOf(path)).toBe("ok");

  const log = sqliteAuditLog(path, { node: "gate-1", boot: "last" });
  const clock = manualClock();
  const open = (await log.openIntents()).length;
  expect(await createRecorder({ log, sinks: [], clock, logger: silent }).recover()).toBe(open);
  expect(await log.openIntents()).toEqual([]);

  const rows = await wholeChain(log);
  const verifier = createChainVerifier("gate-1");
  expect(rows.flatMap((row) => verifier.next(row) ?? [])).toEqual([]);
  const onRecord = new Set(rows.map(({ record }) => `${record.kind} ${record.requestId ?? ""} ${record.seq}`));
  expect(acknowledged.length).toBeGreaterThan(KILLS * 20);
  expect(acknowledged.filter((line) => !onRecord.has(line))).toEqual([]);
  expect(endingsPerIntent(rows)).toEqual(new Set([1]));
  await log.close();
  await store.close();
});

function endingsPerIntent(rows: readonly StoredRecord[]): ReadonlySet<number> {
  const endings = new Map<string | null, number>();
  for (const { record } of rows)
    endings.set(record.requestId, (endings.get(record.requestId) ?? 0) + (record.kind === "intent" ? 0 : 1));
  return new Set(endings.values());
}

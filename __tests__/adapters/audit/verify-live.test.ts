import { sqliteAuditLog } from "../../../adapters/audit/sqlite";
import { sqliteTrailSource } from "../../../adapters/audit/sqlite/trail-source";
import { sqliteStore } from "../../../adapters/stores/sqlite";
import { publicKeysIn } from "../../../lib/audit/checkpoint-key";
import { auditEvent, type RecordKind } from "../../../lib/audit/record";
import { verifyTrail, type CheckpointLine } from "../../../lib/audit/verify-trail";
import { checkpointKeys } from "../../support/checkpoint-key";
import { tempFolder } from "../stores/temp-folder";

const fresh = tempFolder();
const keys = checkpointKeys();
const event = (kind: RecordKind, requestId: string | null) => auditEvent(kind, Date.now(), { requestId });

it("H15: raises no alarm over a trail that sixteen callers write to meanwhile", async () => {
  const path = fresh();
  const store = sqliteStore(path);
  await store.open();
  const log = sqliteAuditLog(path, { node: "gate-1", boot: "b", checkpointKey: keys.privateKey });
  await log.claim();
  await log.append([event("refusal", null)]);
  const copies: CheckpointLine[] = [];
  let writing = true;
  const caller = async (_: unknown, index: number): Promise<void> => {
    for (let turn = 0; writing; turn += 1) {
      await log.append([event("intent", `${index}-${turn}`)]);
      await log.append([event("completion", `${index}-${turn}`)]);
      if (index === 0 && turn % 20 === 0)
        copies.push(...(await log.append([event("checkpoint", null)])).flatMap(({ checkpoint }) => checkpoint ?? []));
    }
  };
  const callers = Promise.all(Array.from({ length: 16 }, caller));
  const statuses = new Set<string>();
  const seen: number[] = [];
  for (let round = 0; round < 8; round += 1) {
    const source = sqliteTrailSource(path);
    const verdict = await verifyTrail(source, { keys: publicKeysIn(keys.publicKey), copies: linesOf([...copies]) });
    await source.close();
    statuses.add(verdict.status);
    seen.push(verdict.records);
  }
  writing = false;
  await callers;
  expect([...statuses]).toEqual(["clean"]);
  expect(seen.at(-1)).toBeGreaterThan(seen[0] ?? Infinity);
  await log.close();
  await store.close();
});

async function* linesOf(lines: readonly CheckpointLine[]): AsyncGenerator<CheckpointLine> {
  yield* lines;
}

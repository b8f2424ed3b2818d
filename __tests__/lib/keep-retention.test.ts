import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteStore } from "../../adapters/stores/sqlite";
import { auditEvent } from "../../lib/audit/record";
import { keepRetention } from "../../lib/keep-retention";
import { checkpointKeys } from "../support/checkpoint-key";

const DAY = 86_400_000;
const { privateKey } = checkpointKeys();
const folder = mkdtempSync(join(tmpdir(), "llm-gate-retention-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("drops by itself what is older than its days, once every sink has it, and says so", async () => {
  const store = sqliteStore(join(folder, "gate.db"));
  await store.open();
  const log = store.auditLog({ node: "one", boot: "b", checkpointKey: privateKey });
  const start = Date.now() - 40 * DAY;
  for (const day of [0, 20, 39]) {
    await log.append(Array.from({ length: 300 }, () => auditEvent("refusal", start + day * DAY, {})));
    await log.append([auditEvent("checkpoint", start + day * DAY, {})]);
  }
  const heads = await log.heads();
  await store.sinks?.take({ sink: "slow", holder: "g", leaseMs: 1, heads, from: "beginning" });
  const logged: { readonly message: string; readonly meta: object }[] = [];
  const note = (message: string, meta: object = {}): void => void logged.push({ message, meta });
  const logger = { debug: note, info: note, warn: note, error: note };
  const clock = { now: () => Date.now(), monotonic: () => performance.now() };
  const retention = keepRetention({ store, log, key: privateKey, days: 15, clock, logger, firstMs: 5, everyMs: 20 });
  retention.start();
  const told = async (message: string): Promise<object> => {
    for (;;) {
      const found = logged.find((entry) => entry.message === message);
      if (found !== undefined) return found.meta;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  expect(await told("sinks that are behind hold the trail's retention back")).toEqual({ sinks: ["slow"] });
  await store.sinks?.note("slow", new Map([["one", 903]]), null);
  expect(await told("dropped what was old from the audit trail")).toMatchObject({ records: 601 });
  await retention.stop();
  const [first] = await log.read({ node: "one", afterSeq: 0, limit: 1 });
  expect(first?.record).toMatchObject({ seq: 602, kind: "checkpoint" });
  await log.close();
  await store.close();
});

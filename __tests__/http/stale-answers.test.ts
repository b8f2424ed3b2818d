import { setTimeout as sleep } from "node:timers/promises";
import { llmGate } from "../../adapters";
import { memoryAuditLog } from "../../adapters/audit/memory";
import { memoryStore } from "../../adapters/stores/memory";
import { chat } from "../support/dialects";
import { requestOf } from "../support/http-check";
import { send } from "../support/http-client";
import { openSite, type SiteOptions } from "../support/site";

const PEPPER = "a pepper for tests, long enough to pass";

/** A site whose store can be put out of reach; alice's key is known. */
async function knownSite(options: Pick<SiteOptions, "limits" | "clock">) {
  const store = memoryStore();
  let down = false;
  const answering = <T>(answer: () => Promise<T>) => (down ? Promise.reject(new Error("gone")) : answer());
  const log = memoryAuditLog({ node: "gate", boot: "b1" });
  const site = await openSite({
    ...options,
    audit: { log },
    store: {
      ...store,
      epoch: () => answering(() => store.epoch()),
      findKey: (id) => answering(() => store.findKey(id)),
      catalogue: (id) => answering(() => store.catalogue(id)),
    },
  });
  const ask = async () => (await send(site.port, await requestOf(site, { dialect: chat, as: "alice" }))).status;
  const settled = 2_000;
  const until = async (status: number) => {
    for (const limit = performance.now() + settled; performance.now() < limit; await sleep(20))
      if ((await ask()) === status) return true;
    return false;
  };
  await ask();
  await sleep(500);
  expect(await ask()).toBe(200);
  return { site, ask, until, fail: () => void (down = true) };
}

it("knows nobody any more as soon as the store is out of reach, where nothing stale may be served", async () => {
  const { site, until, fail } = await knownSite({ limits: { staleMs: 0 } });
  fail();
  expect(await until(503)).toBe(true);
  expect((await site.trail()).at(-1)).toMatchObject({ kind: "refusal", reason: "store_unavailable" });
  await site.close();
});

it("serves who is known for as long as it was told, and says so on record", async () => {
  let passed = 0;
  const clock = { now: () => Date.now() + passed, monotonic: () => performance.now() + passed };
  const { site, ask, fail } = await knownSite({ clock, limits: { staleMs: 120_000 } });
  fail();
  passed += 110_000;
  expect(await ask()).toBe(200);
  expect((await site.trail()).at(-1)).toMatchObject({ kind: "completion", staleAuth: true });
  passed += 11_000;
  expect(await ask()).toBe(503);
  await site.close();
});

it.each([-1, 1.5, 300_001])("takes no %s for the time that anything stale may be served", (staleMs) => {
  expect(() => llmGate({ store: memoryStore(), pepper: PEPPER, limits: { staleMs } })).toThrow(
    `llmGate() option "limits.staleMs" is ${staleMs}; write a whole number from 0 to 300000.`,
  );
});

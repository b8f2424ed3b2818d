import { OPEN_POLICY } from "../../adapters/testing";
import { memoryStore } from "../../adapters/stores/memory";
import type { KeyRehash, Store } from "../../lib/ports/store";
import { createAdmin } from "../../lib/admin";
import { createPeppers, type PepperOptions } from "../../lib/keys/pepper";
import { chat } from "../support/dialects";
import { check } from "../support/http-check";
import { listLogger } from "../support/key-fixture";
import { openSite } from "../support/site";

const OLD = "the old pepper, of thirty-two bytes or more";
const NEW = "the new pepper, of thirty-two bytes or more";
const BOTH = { current: 2, versions: { 1: OLD, 2: NEW } };

/** A store that outlives the gates on it, and counts how often keys get new digests. */
function countingStore(): { readonly store: Store; readonly rehashed: string[] } {
  const sound = memoryStore();
  const rehashed: string[] = [];
  const rehash = (digests: ReadonlyMap<string, KeyRehash>) => {
    rehashed.push(...digests.keys());
    return sound.rehash?.(digests) ?? Promise.resolve();
  };
  return { store: { ...sound, rehash }, rehashed };
}

async function underPepper<T>(
  store: Store,
  pepper: string | PepperOptions,
  work: (
    call: (key: string, expected: Parameters<typeof check>[2]) => Promise<unknown>,
    mint: () => Promise<string>,
  ) => Promise<T>,
): Promise<T> {
  const site = await openSite({ store, pepper });
  const call = (key: string, expected: Parameters<typeof check>[2]) =>
    check(site, { dialect: chat, headers: [["authorization", `Bearer ${key}`]] }, expected);
  try {
    return await work(call, () => site.mintKey("alice@acme.test"));
  } finally {
    await site.close();
  }
}

describe("a pepper that takes another's place", () => {
  it("lets the old keys in, brings each under itself once, when it is used, and then needs the old one no more", async () => {
    const { store, rehashed } = countingStore();
    const key = await underPepper(store, OLD, async (call, mint) => {
      const minted = await mint();
      await call(minted, {});
      return minted;
    });
    expect(rehashed).toEqual([]);
    await underPepper(store, BOTH, async (call) => {
      for (let calls = 0; calls < 5; calls += 1) await call(key, {});
    });
    await underPepper(store, BOTH, async (call) => call(key, {}));
    expect(rehashed).toHaveLength(1);
    await underPepper(store, { current: 2, versions: { 2: NEW } }, async (call) => {
      await call(key, {});
      expect(await store.pepperUse?.()).toEqual([{ version: 2, keys: 1, working: 1 }]);
    });
  });

  it("is refused at start without the old one while keys that work need that", async () => {
    const { store } = countingStore();
    const key = await underPepper(store, OLD, async (_, mint) => mint());
    const alone = { current: 2, versions: { 2: NEW } } as const;
    await expect(underPepper(store, alone, async () => undefined)).rejects.toMatchObject({
      code: "pepper_missing",
      message: expect.stringContaining("1 under version 1"),
    });
    await underPepper(store, BOTH, async (call) => {
      const [organization] = await store.admin.transaction((tx) => tx.organizations());
      await store.admin.transaction((tx) => tx.revokeKey(organization?.id ?? "", key.slice(5, 15), 1));
      await call(key, { refused: "unauthorized", reason: "revoked" });
    });
    await underPepper(store, alone, async (call) => {
      await call(key, { refused: "unauthorized", reason: "unknown_key" });
    });
  });
});

describe("a pepper that is another one under the same version", () => {
  const TYPO = "the old pepper, of thirty-two bytes or moer";
  const mismatch = expect.objectContaining({
    code: "pepper_mismatch",
    message: expect.stringContaining("The pepper of version 1 is another one"),
  });

  it("stops the start of a gate, current or not, and leaves the right one in force", async () => {
    const { store } = countingStore();
    const key = await underPepper(store, OLD, async (_, mint) => mint());
    for (const wrong of [TYPO, { current: 2, versions: { 1: TYPO, 2: NEW } } as const]) {
      await expect(underPepper(store, wrong, async () => undefined)).rejects.toEqual(mismatch);
    }
    await underPepper(store, OLD, async (call) => call(key, {}));
  });

  it("makes no keys", async () => {
    const store = memoryStore();
    const clock = { now: Date.now, monotonic: () => performance.now() };
    const admin = (pepper: string) => {
      const peppers = createPeppers({ current: 1, versions: { 1: pepper } });
      return createAdmin({ store, peppers, clock, random: (size) => crypto.getRandomValues(new Uint8Array(size)) });
    };
    await store.open();
    await admin(OLD).applyPolicy(OPEN_POLICY);
    const { id } = await admin(OLD).createKey({ email: "alice@example.com", name: "laptop" });
    const epoch = await store.epoch();
    await expect(admin(TYPO).createKey({ email: "alice@example.com", name: "desk" })).rejects.toEqual(mismatch);
    await expect(admin(TYPO).rotateKey({ id })).rejects.toEqual(mismatch);
    expect(await store.epoch()).toBe(epoch);
  });
});

it("a key under a pepper that a running gate lacks gets 503, not 401, and the log names the version once", async () => {
  const { store } = countingStore();
  const logger = listLogger();
  const running = await openSite({ store, pepper: OLD, logger });
  const elsewhere = await openSite({ store, pepper: BOTH, audit: { node: "elsewhere" } });
  const key = await elsewhere.mintKey("alice@acme.test");
  for (let calls = 0; calls < 2; calls += 1) {
    await check(
      running,
      { dialect: chat, headers: [["authorization", `Bearer ${key}`]] },
      { refused: "store_unavailable", reason: "configuration" },
    );
  }
  expect(logger.lines.filter((line) => line.includes("LLM_GATE_PEPPER_2"))).toHaveLength(1);
  await running.close();
  await elsewhere.close();
});

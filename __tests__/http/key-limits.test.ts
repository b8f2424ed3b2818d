import { randomBytes } from "node:crypto";
import { createAdmin } from "../../lib/admin";
import { memoryStore } from "../../adapters/stores/memory";
import { chat, messages, responses } from "../support/dialects";
import { check } from "../support/http-check";
import { openSite, type Site } from "../support/site";

/** A change shows within two polls of the store; the rest is for a busy machine. */
const BOUND_MS = 3_000;
const DIALECTS = [chat, responses, messages];
const CLOCK = { now: () => Date.now(), monotonic: () => performance.now() };

describe("a key that may do less than its user", () => {
  let site: Site;
  const store = memoryStore();
  beforeAll(async () => {
    site = await openSite({ store });
  });
  afterAll(() => site.close());

  const admin = createAdmin({ store, clock: CLOCK, random: (size) => randomBytes(size) });

  /** Resolves when the gate goes by the new limits: `shown` are the models that it lists, null for a refusal. */
  async function limit(limits: object, shown: (models: readonly string[] | null) => boolean): Promise<void> {
    const key = await site.key("alice");
    await admin.changeKey(/_(.{10})/.exec(key)?.[1] ?? "", { models: null, networks: null, ...limits });
    const began = performance.now();
    for (;;) {
      const headers = { authorization: `Bearer ${key}` };
      const answer = await fetch(`http://127.0.0.1:${site.port}/v1/models`, { headers });
      const { data } = (await answer.json()) as { readonly data?: readonly { readonly id: string }[] };
      if (shown(answer.ok ? (data ?? []).map(({ id }) => id) : null)) return;
      if (performance.now() - began > BOUND_MS) throw new Error("the limits do not show");
    }
  }

  it("is refused the models that it does not name, and lists only the others", async () => {
    await check(site, { dialect: chat, as: "alice" }, {});
    await limit({ models: ["claude-*"] }, (models) => models?.every((id) => id.startsWith("claude-")) ?? false);
    const refused = { refused: "model_access_denied", reason: "model_denied" } as const;
    for (const dialect of DIALECTS) await check(site, { dialect, as: "alice" }, refused);
    await limit({ models: ["gpt-4o-mini"] }, (models) => models?.join() === "gpt-4o-mini");
    for (const dialect of DIALECTS) await check(site, { dialect, as: "alice" }, {});
  });

  it("may do no more than its user, whatever it names", async () => {
    await limit({ models: ["*"] }, (models) => models?.includes("gpt-4o-mini") ?? false);
    for (const dialect of DIALECTS) {
      const denied = { refused: "model_access_denied", reason: "model_denied" } as const;
      await check(site, { dialect, as: "alice", with: { model: "gpt-5-pro" } }, denied);
      const hidden = { refused: "model_not_found", reason: "model_disabled" } as const;
      await check(site, { dialect, as: "alice", with: { model: "old-model" } }, hidden);
    }
  });

  it("is refused from an address that it does not name", async () => {
    const refused = { refused: "api_key_access_disabled", reason: "admission" } as const;
    await limit({ networks: ["192.0.2.0/24"] }, (models) => models === null);
    for (const dialect of DIALECTS) {
      // Nobody trusts what a client says of where it comes from.
      const headers = [
        ["authorization", `Bearer ${await site.key("alice")}`] as const,
        ["x-forwarded-for", "192.0.2.7"] as const,
      ];
      await check(site, { dialect, headers }, refused);
      await check(site, { dialect, as: "alice" }, refused);
    }
    await limit({ networks: ["127.0.0.0/8", "::1"] }, (models) => models !== null);
    for (const dialect of DIALECTS) await check(site, { dialect, as: "alice" }, {});
  });
});

describe("a key with an address, behind a proxy that the host trusts", () => {
  it.each(DIALECTS)("goes by what the proxy says, on $name", async (dialect) => {
    const store = memoryStore();
    const site = await openSite({
      store,
      mount: (app, { gate, forwarder }) => void app.set("trust proxy", "loopback").use(gate).use("/v1", forwarder),
    });
    const key = await site.key("alice");
    const admin = createAdmin({ store, clock: CLOCK, random: (size) => randomBytes(size) });
    await admin.changeKey(key.slice(5, 15), { networks: ["192.0.2.0/24"] });
    const from = (addresses: string) => ({
      dialect,
      headers: [["authorization", `Bearer ${key}`] as const, ["x-forwarded-for", addresses] as const],
    });
    for (const written of ["192.0.2.7", "192.0.2.7:4711"])
      await check(site, from(written), { record: { source: "192.0.2.7" } });
    const refused = { refused: "api_key_access_disabled", reason: "admission" } as const;
    await check(site, from("198.51.100.1"), refused);
    // What a client wrote itself stands left of what the proxy added.
    await check(site, from("192.0.2.7, 198.51.100.1"), refused);
    await check(site, from("192.0.2.7, [2001:db8::1]:4711"), { ...refused, record: { source: "2001:db8::1" } });
    await site.close();
  });
});

describe("the last use of a key", () => {
  it.each(DIALECTS)(
    "is told to the store now and then, not with every call, and only of calls that were let in: $name",
    async (dialect) => {
      const sound = memoryStore();
      const told: ReadonlyMap<string, number>[] = [];
      const markUsed = (uses: ReadonlyMap<string, number>) => {
        told.push(uses);
        return sound.markUsed?.(uses) ?? Promise.resolve();
      };
      const site = await openSite({ store: { ...sound, markUsed } });
      const before = Date.now();
      const [used, unused] = [await site.key("alice"), await site.key("bob")];
      for (let calls = 0; calls < 10; calls += 1) await check(site, { dialect, as: "alice" }, {});
      expect(told).toEqual([]);
      await site.close();
      expect(told.map((uses) => [...uses.keys()])).toEqual([[used.slice(5, 15)]]);
      expect(told[0]?.get(used.slice(5, 15))).toBeGreaterThanOrEqual(before);
      await sound.open();
      const admin = createAdmin({ store: sound, clock: CLOCK, random: (size) => randomBytes(size) });
      expect((await admin.showKey(unused.slice(5, 15))).lastUsedAt).toBeNull();
      expect((await admin.showKey(used.slice(5, 15))).lastUsedAt).not.toBeNull();
    },
  );
});

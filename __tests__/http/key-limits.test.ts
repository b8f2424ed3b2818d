import { randomBytes } from "node:crypto";
import { createAdmin } from "../../lib/admin";
import { memoryStore } from "../../adapters/stores/memory";
import { chat } from "../support/dialects";
import { check } from "../support/http-check";
import { openSite, type Site } from "../support/site";

/** A change shows within two polls of the store. */
const BOUND_MS = 1_000;

describe("a key that may do less than its user", () => {
  let site: Site;
  const store = memoryStore();
  beforeAll(async () => {
    site = await openSite({ store });
  });
  afterAll(() => site.close());

  const clock = { now: () => Date.now(), monotonic: () => performance.now() };
  const admin = createAdmin({ store, clock, random: (size) => randomBytes(size) });

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
    await check(site, { dialect: chat, as: "alice" }, { refused: "model_access_denied", reason: "model_denied" });
    await limit({ models: ["gpt-4o-mini"] }, (models) => models?.join() === "gpt-4o-mini");
    await check(site, { dialect: chat, as: "alice" }, {});
  });

  it("is refused from an address that it does not name", async () => {
    await limit({ networks: ["192.0.2.0/24"] }, (models) => models === null);
    await check(site, { dialect: chat, as: "alice" }, { refused: "api_key_access_disabled", reason: "admission" });
    await limit({ networks: ["127.0.0.0/8", "::1"] }, (models) => models !== null);
    await check(site, { dialect: chat, as: "alice" }, {});
  });
});

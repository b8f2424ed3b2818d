import { DIALECTS } from "../support/dialects";
import { check, FORMS, type Refused } from "../support/http-check";
import { group, HOUSE, user } from "../support/house-policy";
import { EXPRESSES, openSite, type Site } from "../support/site";

const ALLOWED = "allowed";
const NOT_GRANTED: Refused = { refused: "model_access_denied", reason: "model_denied" };
const NO_KEYS = (reason: Refused["reason"]): Refused => ({ refused: "api_key_access_disabled", reason });

/** Who asks for what, and what must come of it, on every protocol, by every header, streamed or not. */
const TABLE: readonly (readonly [who: string, model: string, outcome: Refused | typeof ALLOWED])[] = [
  ["alice", "gpt-4o-mini", ALLOWED],
  ["alice", "gpt-5-pro", NOT_GRANTED],
  ["alice", "gpt-elsewhere", { refused: "model_access_denied", reason: "provider_denied" }],
  ["alice", "nope", { refused: "model_not_found", reason: "model_unknown" }],
  ["alice", "old-model", { refused: "model_not_found", reason: "model_disabled" }],
  ["alice", "agent/x", ALLOWED],
  ["alice", "agent/helper", { refused: "model_not_found", reason: "model_denied" }],
  ["alice", "agent/unknown", { refused: "model_not_found", reason: "model_unknown" }],
  ["visitor", "gpt-4o-mini", NO_KEYS("key_access_disabled")],
  ["nobody", "gpt-4o-mini", NO_KEYS("no_groups")],
  ["gone", "gpt-4o-mini", NO_KEYS("suspended")],
  ["root", "gpt-4o-mini", ALLOWED],
  ["root", "gpt-5-pro", ALLOWED],
  ["root", "gpt-elsewhere", ALLOWED],
  ["root", "agent/helper", ALLOWED],
  ["root", "old-model", { refused: "model_not_found", reason: "model_disabled" }],
  ["root", "nope", { refused: "model_not_found", reason: "model_unknown" }],
  ["gone-root", "gpt-4o-mini", NO_KEYS("suspended")],
];

describe.each(EXPRESSES)("permissions on %s", (_name, express) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({ express });
  });
  afterAll(() => site.close());

  describe.each(DIALECTS)("$path", (dialect) => {
    it.each(TABLE)("D01: %s asking for %s", async (who, model, outcome) => {
      for (const form of FORMS) {
        for (const stream of [false, true]) {
          const ask = { dialect, as: who, form, with: { model, stream } };
          const record = { user: `${who}@acme.test`, credential: form };
          if (outcome === ALLOWED) {
            const { headers } = await check(site, ask, { record: { ...record, model, stream } });
            expect(headers["content-type"]).toMatch(stream ? /^text\/event-stream/ : /^application\/json/);
          } else {
            const named = outcome.refused === "api_key_access_disabled" ? {} : { model };
            const { text } = await check(site, ask, { ...outcome, record: { ...record, ...named } });
            expect(text).not.toMatch(/engineers|analysts|visitors|acme/);
          }
        }
      }
    });

    it("D08: an agent that is unknown and one that is not granted are told apart by their name alone", async () => {
      const bodies: string[] = [];
      for (const [model, reason] of [
        ["agent/helper", "model_denied"],
        ["agent/nobody", "model_unknown"],
      ] as const) {
        const { text } = await check(
          site,
          { dialect, as: "alice", with: { model } },
          { refused: "model_not_found", reason },
        );
        bodies.push(text.replace(model, "MODEL"));
      }
      expect(bodies[0]).toBe(bodies[1]);
    });
  });
});

describe("groups", () => {
  it("D02 D03: are additive; one of five with key access is enough, and a deny stays in its own group", async () => {
    const site = await openSite({
      policy: {
        ...HOUSE,
        groups: [
          ...["one", "two", "three", "four"].map((name) => group(name, { personalApiKeyAccess: false })),
          group("keys", { models: [] }),
          group("grants", { models: ["gpt-4o-mini"], denyModels: ["gpt-4o-*"], personalApiKeyAccess: false }),
          group("provides", { providers: ["openai"], personalApiKeyAccess: false }),
        ],
        users: [
          user("off", ["one", "two", "three", "four"]),
          user("on", ["one", "two", "three", "four", "keys"]),
          user("denied", ["keys", "grants"]),
          user("additive", ["keys", "grants", "provides"]),
        ],
      },
    });
    for (const dialect of DIALECTS) {
      await check(site, { dialect, as: "off" }, NO_KEYS("key_access_disabled"));
      await check(site, { dialect, as: "on" }, NOT_GRANTED);
      await check(site, { dialect, as: "denied" }, NOT_GRANTED);
      await check(site, { dialect, as: "additive" }, {});
      await check(site, { dialect, as: "additive", with: { model: "gpt-elsewhere" } }, NOT_GRANTED);
    }
    await site.close();
  });

  it("D12: a change of policy decides the next call, and the record names the epoch that decided", async () => {
    const site = await openSite();
    for (const dialect of DIALECTS) {
      const before = await check(site, { dialect, as: "alice" }, {});
      const closed = HOUSE.groups.map((one) =>
        one.name === "engineers" ? { ...one, personalApiKeyAccess: false } : one,
      );
      await site.applyPolicy({ ...HOUSE, groups: closed });
      const shown = async () => (await site.trail()).length;
      const refusedNow = await until(async () => {
        const length = await shown();
        const tried = await check(site, { dialect, as: "alice" }, NO_KEYS("key_access_disabled")).catch(() => null);
        expect(await shown()).toBeGreaterThan(length);
        return tried;
      });
      expect(refusedNow.records[0]?.epoch).toBeGreaterThan(before.records[0]?.epoch ?? Infinity);
      await site.applyPolicy(HOUSE);
      await until(() => check(site, { dialect, as: "alice" }, {}).catch(() => null));
    }
    await site.close();
  });
});

/** The gate sees a change within half a second: asks until then. */
async function until<T>(attempt: () => Promise<T | null>): Promise<T> {
  const limit = performance.now() + 500;
  for (;;) {
    const result = await attempt();
    if (result !== null) return result;
    if (performance.now() > limit) throw new Error("the change did not show within half a second");
  }
}

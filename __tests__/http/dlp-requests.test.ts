import type { Detector } from "../../lib/ports/detector";
import { DIALECTS } from "../support/dialects";
import { check, FORMS } from "../support/http-check";
import { dlp, HOUSE } from "../support/house-policy";
import { openSite, type Site } from "../support/site";

const CARD = "4111 1111 1111 1111";
const KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----";
const POLICY = {
  ...HOUSE,
  dlp: dlp({
    request: { CREDIT_CARD: "redact", EMAIL_ADDRESS: "report", PRIVATE_KEY: "block" },
    custom: [{ name: "PROJECT_CODE", regex: "PRJ-[0-9]{6}", action: "block", on: "request" }],
  }),
} as const;

describe("data loss prevention of requests", () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({ policy: POLICY });
    for (const secret of [CARD, "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "PRJ-123456", "carol@example.org"])
      site.keepSecret(secret);
  });
  afterAll(() => site.close());

  describe.each(DIALECTS)("$path", (dialect) => {
    it.each([
      ["a private key", KEY, "PRIVATE_KEY"],
      ["a rule of the house", "see PRJ-123456 please", "PROJECT_CODE"],
    ])("blocks %s, by every header, streamed or not", async (_what, text, entity) => {
      for (const form of FORMS) {
        for (const stream of [false, true]) {
          const refused = { refused: "dlp_blocked", reason: "dlp" } as const;
          const received = await check(site, { dialect, as: "alice", form, text, with: { stream } }, refused);
          expect(received.text).not.toContain("PRJ-123456");
          expect(received.records[0]?.dlp?.request).toMatchObject({ outcome: "blocked", findings: { [entity]: 1 } });
        }
      }
    });

    it("§7: redacts in place: every other byte goes upstream as it came", async () => {
      const body = JSON.stringify(dialect.ask(`pay with ${CARD} now`, { temperature: 0.7 }), null, 1).replace(
        "0.7",
        "7.0e-1",
      );
      const { records } = await check(site, { dialect, as: "alice", body }, {});
      const sent = site.upstream.calls.at(-1)?.body.toString() ?? "";
      const [before = "", after = ""] = body.split(CARD);
      expect(sent.startsWith(before)).toBe(true);
      expect(sent.endsWith(after)).toBe(true);
      expect(sent).not.toContain("4111");
      expect(site.upstream.calls.at(-1)?.headers["content-length"]).toBe(String(sent.length));
      expect(records[0]?.dlp?.request).toMatchObject({ outcome: "redacted", findings: { CREDIT_CARD: 1 } });
      expect(records[0]?.digestIn).not.toBe(records[0]?.digestOut);
    });

    it("reports without a change", async () => {
      const body = JSON.stringify(dialect.ask("mail carol@example.org"));
      const { records } = await check(site, { dialect, as: "alice", body }, {});
      expect(site.upstream.calls.at(-1)?.body.toString()).toBe(body);
      expect(records[0]?.dlp?.request).toMatchObject({ outcome: "reported", findings: { EMAIL_ADDRESS: 1 } });
      expect(records[0]?.digestIn).toBe(records[0]?.digestOut);
    });

    it("binds administrators as well", () =>
      check(site, { dialect, as: "root", text: KEY }, { refused: "dlp_blocked", reason: "dlp" }));
  });
});

describe("a detector that fails", () => {
  it.each<[string, Detector["detect"]]>([
    [
      "throws",
      () => {
        throw new Error("cannot reach http://presidio.internal: secret carol@example.org");
      },
    ],
    ["rejects", () => Promise.reject(new Error("secret carol@example.org"))],
    ["never answers", () => new Promise(() => undefined)],
    ["answers nonsense", () => [{ entity: "REMOTE", rule: "REMOTE", start: 5, end: 999_999, score: 1 }]],
  ])("F14: that %s is 503 in the dialect, and nothing goes upstream", async (_how, detect) => {
    const site = await openSite({
      policy: { ...HOUSE, dlp: dlp({ request: { REMOTE: "redact" } }) },
      dlp: { detectors: [{ name: "remote", entities: ["REMOTE"], detect }], budgetMs: 100 },
    });
    site.keepSecret("carol@example.org");
    for (const dialect of DIALECTS) {
      for (const stream of [false, true]) {
        const { text } = await check(
          site,
          { dialect, as: "alice", with: { stream } },
          { refused: "dlp_unavailable", reason: "dlp_unavailable" },
        );
        expect(text).not.toMatch(/presidio|secret|remote/);
      }
    }
    await site.close();
  });
});

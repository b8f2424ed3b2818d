import { createHash, createHmac, randomBytes } from "node:crypto";
import { memoryStore } from "../../adapters/stores/memory";
import { createAdmin, type ImportLine } from "../../lib/admin";
import { importedKeyId } from "../../lib/keys/imported-key";
import { createPeppers } from "../../lib/keys/pepper";
import { chat, messages, responses } from "../support/dialects";
import { check, FORMS } from "../support/http-check";
import { openSite, type Site } from "../support/site";

const PEPPER = createPeppers({ current: 1, versions: { 1: "a pepper for imported keys, long enough" } });
const SECRET = "what the other system digested with";
const clock = { now: () => Date.now(), monotonic: () => performance.now() };

const PLAIN = `sk-other/${randomBytes(24).toString("base64")}`.replace(/\+/g, "~");
const KEYED = `pat.${randomBytes(24).toString("hex")}`;
const REVOKED = `gone_${randomBytes(24).toString("hex")}`;
const NARROW = `narrow-${randomBytes(24).toString("hex")}`;

const sha256 = (key: string) => createHash("sha256").update(key).digest();
const line = (digest: Uint8Array, more: Partial<ImportLine> = {}): ImportLine => ({
  ...{ line: 1, email: "alice@acme.test", name: "old system", digest, bits: 192 },
  ...more,
});

describe("a key that another system made", () => {
  let site: Site;
  const store = memoryStore();
  const admin = createAdmin({ store, peppers: PEPPER, clock, random: (size) => randomBytes(size) });
  beforeAll(async () => {
    site = await openSite({ store, pepper: PEPPER, importedKeys: { hmacSecrets: [SECRET] } });
    const lines = [
      line(sha256(PLAIN)),
      line(createHmac("sha256", SECRET).update(KEYED).digest()),
      line(sha256(REVOKED)),
      line(sha256(NARROW), { models: ["gpt-elsewhere"] }),
    ];
    const report = await admin.importKeys(
      (async function* () {
        yield* lines;
      })(),
    );
    expect(report).toMatchObject({ imported: 4, existing: 0, refused: 0 });
    await admin.revokeKey(importedKeyId(sha256(REVOKED)));
    for (const key of [PLAIN, KEYED, REVOKED, NARROW]) site.keepSecret(key);
  });
  afterAll(() => site.close());

  describe.each([chat, responses, messages])("on $name", (dialect) => {
    it.each(FORMS)("is let in by either digest through %s, as its user", async (form) => {
      for (const key of [PLAIN, KEYED]) {
        const header =
          form === "bearer" ? (["authorization", `Bearer ${key}`] as const) : (["x-api-key", key] as const);
        const { records } = await check(site, { dialect, headers: [header] }, {});
        expect(records.map(({ user, keyId }) => [user, /^[0-9A-Za-z]{10}$/.test(keyId ?? "")])).toEqual(
          records.map(() => ["alice@acme.test", true]),
        );
      }
    });

    it("is refused as any other key is when it is unknown or revoked", async () => {
      const bearer = (key: string) => [["authorization", `Bearer ${key}`] as const];
      const unknown = { dialect, headers: bearer(`sk-other-${randomBytes(24).toString("hex")}`) };
      const first = await check(site, unknown, {
        refused: "unauthorized",
        reason: "unknown_key",
        record: { keyId: null },
      });
      const second = await check(
        site,
        { dialect, headers: bearer(REVOKED) },
        { refused: "unauthorized", reason: "revoked" },
      );
      expect(second.json).toEqual(first.json);
    });

    it("never widens what its user may do", async () => {
      const headers = [["authorization", `Bearer ${NARROW}`] as const];
      const refused = "model_access_denied";
      await check(site, { dialect, headers }, { refused, reason: "model_denied" });
      await check(site, { dialect, headers, with: { model: "gpt-elsewhere" } }, { refused, reason: "provider_denied" });
    });
  });
});

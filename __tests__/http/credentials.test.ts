import { DIALECTS } from "../support/dialects";
import { check, type HeaderPairs, type Refused } from "../support/http-check";
import { EXPRESSES, openSite, type Site } from "../support/site";

const refused = (reason: Refused["reason"]): Refused => ({ refused: "unauthorized", reason });

describe.each(EXPRESSES)("credentials on %s", (_name, express) => {
  let site: Site;
  let later = 0;
  let alice = "";
  let bob = "";
  beforeAll(async () => {
    site = await openSite({
      express,
      clock: { now: () => Date.now() + later, monotonic: () => performance.now() },
    });
    alice = await site.key("alice");
    bob = await site.key("bob");
  });
  afterAll(() => site.close());

  describe.each(DIALECTS)("$path", (dialect) => {
    const PLAIN = 'Bearer realm="llm-gate"';
    const JUDGED = `${PLAIN}, error="invalid_token"`;

    async function expect401(headers: HeaderPairs, reason: Refused["reason"], challenge: string) {
      const { headers: received } = await check(site, { dialect, headers }, refused(reason));
      expect(received["www-authenticate"]).toBe(challenge);
    }

    it("row 1 (A01): no credential is 401", () => expect401([], "missing", PLAIN));

    it("row 2: x-api-key alone is judged", () =>
      check(
        site,
        { dialect, as: "alice", form: "x-api-key" },
        { record: { user: "alice@acme.test", credential: "x-api-key" } },
      ));

    it("row 3: a Bearer token alone is judged", () =>
      check(
        site,
        { dialect, as: "alice" },
        { record: { user: "alice@acme.test", credential: "bearer", bothHeaders: false } },
      ));

    it.each([
      ["empty", ""],
      ["blank", "   "],
      ["A04 without a token", "Bearer"],
      ["A04 with blanks for a token", "Bearer   "],
      ["A03 Basic", "Basic YWxpY2U6c2VjcmV0c2VjcmV0"],
      ["another scheme", "Token KEY"],
      ["without a scheme", "KEY"],
      ["TAB as separator", "Bearer\tKEY"],
      ["extra words", "Bearer KEY more"],
      ["a comma", "Bearer KEY, Bearer KEY"],
      ["short", "Bearer abc"],
      ["513 characters", `Bearer ${"A".repeat(513)}`],
      ["quoted", 'Bearer "KEY"'],
    ])("row 4: a malformed Authorization (%s) hides a valid x-api-key", (_form, value) =>
      expect401(
        [
          ["Authorization", value.replaceAll("KEY", alice)],
          ["x-api-key", alice],
        ],
        "malformed",
        PLAIN,
      ),
    );

    it("row 5 (A13): an unknown Bearer token is not rescued by a valid x-api-key", async () => {
      const unknown = await unknownKey(site);
      await expect401(
        [
          ["Authorization", `Bearer ${unknown}`],
          ["x-api-key", alice],
        ],
        "unknown_key",
        JUDGED,
      );
    });

    it("row 6 (A07): two Authorization lines are 401, equal ones too", async () => {
      for (const second of [alice, bob]) {
        const lines: HeaderPairs = [
          ["Authorization", `Bearer ${alice}`],
          ["authorization", `Bearer ${second}`],
        ];
        await expect401(lines, "duplicate_credential", PLAIN);
        await expect401([...lines, ["x-api-key", alice]], "duplicate_credential", PLAIN);
      }
    });

    it("row 7 (A09): two x-api-key lines, or one with a comma, are 401", async () => {
      const line = ["x-api-key", alice] as const;
      await expect401([line, line], "duplicate_credential", PLAIN);
      await expect401([["x-api-key", `${alice}, ${alice}`]], "duplicate_credential", PLAIN);
    });

    it("row 8: the same key in both is one authentication and one call", () =>
      check(
        site,
        { dialect, as: "alice", headers: [["x-api-key", alice]] },
        { record: { bothHeaders: false, credential: "bearer" } },
      ));

    it("row 9 (A10): with two users' keys the Bearer one acts", async () => {
      await check(
        site,
        { dialect, as: "alice", headers: [["x-api-key", bob]] },
        { record: { user: "alice@acme.test", bothHeaders: true } },
      );
      await check(
        site,
        { dialect, as: "bob", headers: [["x-api-key", alice]] },
        { record: { user: "bob@acme.test", bothHeaders: true } },
      );
    });

    it("A12: an invalid x-api-key beside a valid Bearer token changes nothing but the record", () =>
      check(
        site,
        { dialect, as: "alice", headers: [["x-api-key", "nonsense"]] },
        { record: { user: "alice@acme.test", bothHeaders: true } },
      ));

    it.each(["bearer", "BEARER", "bEaReR", "Bearer  "])("A05: the scheme may be written %s", (scheme) =>
      check(
        site,
        { dialect, headers: [["Authorization", `${scheme} ${alice}`]] },
        { record: { credential: "bearer" } },
      ),
    );

    it("A17: optional white space around a value is legal", async () => {
      await check(site, { dialect, headers: [["Authorization", ` \t Bearer ${alice} \t`]] }, {});
      await check(site, { dialect, headers: [["x-api-key", `\t ${alice}  `]] }, {});
    });

    it("A22: a key with one character changed is 401", async () => {
      const inSecret = flip(alice, 20);
      for (const [key, reason] of [
        [inSecret, "bad_checksum"],
        [flip(alice, alice.length - 1), "bad_checksum"],
        [`sk-ant-${alice}`, "malformed"],
      ] as const) {
        await expect401([["Authorization", `Bearer ${key}`]], reason, JUDGED);
        await expect401([["x-api-key", key]], reason, JUDGED);
      }
    });
  });

  it("answers missing, malformed, unknown, revoked and expired keys with the same bytes", async () => {
    const revoked = await site.mintKey("alice@acme.test");
    await site.revokeKey(revoked);
    const expired = await site.mintKey("alice@acme.test", { expiresAt: Date.now() + 60_000 });
    later = 120_000;
    const cases: readonly (readonly [Refused["reason"], HeaderPairs])[] = [
      ["missing", []],
      ["malformed", [["Authorization", "Basic abc"]]],
      ["unknown_key", [["Authorization", `Bearer ${await unknownKey(site)}`]]],
      ["unknown_key", [["x-api-key", await unknownKey(site)]]],
      ["revoked", [["Authorization", `Bearer ${revoked}`]]],
      ["revoked", [["x-api-key", revoked]]],
      ["expired", [["Authorization", `Bearer ${expired}`]]],
      ["expired", [["x-api-key", expired]]],
    ];
    for (const dialect of DIALECTS) {
      const bodies: string[] = [];
      for (const [reason, headers] of cases)
        bodies.push((await check(site, { dialect, headers }, refused(reason))).text);
      expect(new Set(bodies).size).toBe(1);
    }
  });
});

/** Well formed, of the right checksum, and nobody's: minted in another house. */
async function unknownKey(site: Site): Promise<string> {
  const other = await openSite();
  const key = await other.key("alice");
  await other.close();
  site.keepSecret(key.slice(15));
  return key;
}

function flip(key: string, at: number): string {
  return key.slice(0, at) + (key[at] === "A" ? "B" : "A") + key.slice(at + 1);
}

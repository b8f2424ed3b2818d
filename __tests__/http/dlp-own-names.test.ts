import { DIALECTS } from "../support/dialects";
import { check, type Ask } from "../support/http-check";
import { dlp, HOUSE } from "../support/house-policy";
import { openSite, type Site } from "../support/site";

const CARD = "4111 1111 1111 1111";
const KEY = "ghp_r8Xk2mQ7vZp4LwTn9cYb3Hd6sJf1Ga5Ue0Ko";
const MAIL = "carol@private.test";
const POLICY = {
  ...HOUSE,
  dlp: dlp({ request: { CREDIT_CARD: "block", API_KEY: "block", EMAIL_ADDRESS: "report" } }),
} as const;

let site: Site;
beforeAll(async () => {
  site = await openSite({ policy: POLICY });
  for (const secret of [CARD, KEY, MAIL]) site.keepSecret(secret);
});
afterAll(() => site.close());

describe.each(DIALECTS)("names that a client makes up on $path", (dialect) => {
  const ask: Ask = { dialect, as: "alice" };
  const blocked = { refused: "dlp_blocked", reason: "dlp" } as const;
  const because = (place: string): string => `The request was blocked by a data loss prevention rule: ${place}`;

  it("are told by where they stand, not by what they are", async () => {
    const top = await check(site, { ...ask, with: { [CARD]: 1 } }, { ...blocked, message: because("*") });
    const deep = await check(site, { ...ask, with: { invented: { a: [{ [CARD]: 1 }] } } }, { ...blocked, message: because("invented.*") }); // prettier-ignore
    expect([top, deep].map(({ records }) => records[0]?.detail)).toEqual([
      "CREDIT_CARD at *",
      "CREDIT_CARD at invented.*",
    ]);
  });

  it.each([
    [KEY, "[API_KEY]"],
    [`x ${CARD} y`, "x [CREDIT_CARD] y"],
    [`agent/${MAIL}`, "agent/[EMAIL_ADDRESS]"],
    ["gpt-none", "gpt-none"],
  ])("are masked in place of a model, in the error and on record: %s", async (model, shown) => {
    const { records, text } = await check(
      site,
      { ...ask, with: { model } },
      { refused: "model_not_found", reason: "model_unknown", message: `The model does not exist: ${shown}` },
    );
    expect(records[0]?.model).toBe(shown);
    expect(text).not.toMatch(/4111|ghp_|carol/);
  });
});

import { coverage, SAMPLES } from "../../adapters/protocols/coverage";
import type { JsonObject } from "../../lib/json";
import { DIALECTS, MODEL, type Dialect } from "../support/dialects";
import { check, type Ask } from "../support/http-check";
import { dlp, HOUSE } from "../support/house-policy";
import { openSite, type Site } from "../support/site";

const MAIL = "alice@example.com";
const REDACT = { ...HOUSE, dlp: dlp({ request: { EMAIL_ADDRESS: "redact" } }) };
const STRICT = { ...HOUSE, dlp: { ...REDACT.dlp, unrewritable: "block", uninspectable: "block" } } as const;

/** Parts that pass unread unless the operator says otherwise. */
const PASSING = /image|encrypted_content|redacted_thinking/;

const rows = coverage().filter(({ direction }) => direction === "request");
const places = SAMPLES.flatMap(([{ name }, { request }]) =>
  request.map(({ place, document }) => {
    const dialect = DIALECTS.find((one) => one.name === name) as Dialect;
    const row = rows.find((one) => one.protocol === name && one.place === place);
    return { dialect, place, document, treatment: row?.treatment ?? "left alone" };
  }),
);

let lenient: Site;
let strict: Site;
beforeAll(async () => {
  lenient = await openSite({ policy: REDACT });
  strict = await openSite({ policy: STRICT });
  for (const site of [lenient, strict]) site.keepSecret(MAIL);
});
afterAll(async () => {
  await lenient.close();
  await strict.close();
});

const askWith = (index: number, text: string): Ask => {
  const { dialect, document } = places[index] as (typeof places)[number];
  return { dialect, as: "alice", body: { ...(document(text) as JsonObject), model: MODEL } };
};

describe.each(places.map(({ dialect, place }, index) => [dialect.name, place, index] as const))(
  "F01, F12: what must not leave in %s: %s",
  (_protocol, place, index) => {
    const { treatment } = places[index] as (typeof places)[number];
    const blocked = { refused: "dlp_blocked", reason: "dlp" } as const;
    const unread = { refused: "dlp_blocked", reason: "uninspectable" } as const;

    if (treatment === "rewritten") {
      it("is rewritten on its way", async () => {
        await check(lenient, askWith(index, MAIL), {});
        expect(lenient.upstream.calls.at(-1)?.body.toString()).not.toContain(MAIL);
      });
    }

    if (treatment === "scanned") {
      it("passes on record where it may not be rewritten, and is stopped where the policy says so", async () => {
        const { records } = await check(lenient, askWith(index, MAIL), {});
        expect(records[0]?.dlp?.request).toMatchObject({ notRewritten: 1, findings: { EMAIL_ADDRESS: 1 } });
        await check(strict, askWith(index, MAIL), blocked);
      });
    }

    if (treatment === "opaque") {
      it("is a part that nobody can read: it passes or not by its kind, and never where the policy says so", async () => {
        const passes = PASSING.test(place);
        const { records } = await check(lenient, askWith(index, "QUJD"), passes ? {} : unread);
        expect(records[0]?.dlp?.request?.notScanned).toHaveLength(1);
        await check(strict, askWith(index, "QUJD"), unread);
      });
    }

    it("does no harm where there is nothing to find", async () => {
      if (treatment !== "opaque") await check(strict, askWith(index, "nothing"), {});
    });
  },
);

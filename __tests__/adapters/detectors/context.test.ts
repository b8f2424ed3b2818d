import { builtInDetectors } from "../../../adapters/detectors/built-in";
import { scanText } from "../../../lib/dlp/scan-text";
import { delivered, engineOf, living, policyOf, spanOf } from "../../support/dlp";

const engine = engineOf();

async function under(setting: object, entity: string, text: string): Promise<string | undefined> {
  const policy = policyOf({ request: { [entity]: { action: "redact", ...setting } } });
  const spans = [spanOf(text)];
  const { edits } = await engine.inspect(spans, [], engine.policyFor("request", [policy]), living());
  return delivered(spans, edits)[0];
}

/** Each with a word that tells what it is, and without. */
const TEXTS: readonly (readonly [entity: string, named: string, bare: string])[] = [
  ["EMAIL_ADDRESS", "mail: alice@example.com", "so said alice@example.com"],
  ["CREDIT_CARD", '{"cardNumber": "4111111111111111"}', "row 4111111111111111"],
  ["IBAN_CODE", "IBAN DE89370400440532013000", "row DE89370400440532013000"],
  ["IP_ADDRESS", '{"clientIp":"203.0.113.7"}', "row 203.0.113.7"],
  ["MAC_ADDRESS", "MAC 3c:22:fb:12:34:56", "row 3c:22:fb:12:34:56"],
  ["URL", "website https://example.com/x", "row https://example.com/x"],
  ["PHONE_NUMBER", "call +1 650 253 0000", "row +1 650 253 0000"],
  ["US_SSN", '"ssn": "536-22-8765"', "row 536-22-8765"],
  ["CRYPTO_WALLET", "bitcoin 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "row 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"],
];

test.each(TEXTS)(
  "%s counts with and without a word that tells what it is, unless context is required",
  async (entity, named, bare) => {
    for (const text of [named, bare]) expect(await under({}, entity, text)).toContain(`[${entity}]`);
    expect(await under({ context: "required" }, entity, named)).toContain(`[${entity}]`);
    expect(await under({ context: "required" }, entity, bare)).toBe(bare);
  },
);

test.each([
  ["API_KEY", "ghp_r8Xk2mQ7vZp4LwTn9cYb3Hd6sJf1Ga5Ue0Ko"],
  ["URL_CREDENTIALS", "https://user:s3cr3tPw9@example.com/x"],
  ["DATE_OF_BIRTH", "born 12/05/1984"],
])("requiring context leaves out nothing of %s: it proves itself, or is not found without", async (entity, text) => {
  expect(await under({ context: "required" }, entity, `see ${text}`)).toContain(`[${entity}]`);
});

test("a score above and below the usual one finds less and more", async () => {
  const ssn = "it is 536-22-8765, yes";
  expect(await under({}, "US_SSN", ssn)).toBe("it is [US_SSN], yes");
  expect(await under({ minScore: 0.9 }, "US_SSN", ssn)).toBe(ssn);
  expect(await under({ minScore: 0.9 }, "US_SSN", `SSN: ${ssn}`)).toContain("[US_SSN]");
  const weak = "postgres://app:password@db.example.com/app";
  expect(await under({}, "CONNECTION_STRING", weak)).toBe(weak);
  expect(await under({ minScore: 0.3 }, "CONNECTION_STRING", weak)).toBe("[CONNECTION_STRING]");
});

test("what is found says at most whether there was context, never which", async () => {
  for (const [, named] of TEXTS) {
    for (const { detect } of builtInDetectors()) {
      for (const { context } of await detect(named, living())) expect([undefined, true, false]).toContain(context);
    }
  }
});

test.each([
  ["415-555-2671", "PHONE_NUMBER"],
  ["617.589.3433", "PHONE_NUMBER"],
  ["401-023-2137", "UK_NHS"],
  ["943 476 5919", "UK_NHS"],
  ["NHS: 415-555-2671", "UK_NHS"],
])("%s has the name of what is written so: %s", async (text, entity) => {
  const found = await scanText(text, builtInDetectors());
  expect(found.map((finding) => finding.entity)).toEqual([entity]);
});

import fc from "fast-check";
import { beforeEscape, incompleteEscape, wholeEscapes } from "../../../lib/dlp/decode/json-escapes";
import { CARD, delivered, engineOf, living, policyOf, ruleOf, spanOf } from "../../support/dlp";

const engine = engineOf();
const REDACT = policyOf({
  request: { EMAIL_ADDRESS: "redact", CREDIT_CARD: "redact", GENERIC_SECRET: "redact", URL_CREDENTIALS: "redact" },
  custom: [ruleOf({ name: "NAME", phrases: ["Blue Heron"] }), ruleOf({ name: "HOST", literals: ["nova-7"] })],
});

async function rewritten(text: string): Promise<string | undefined> {
  const spans = [spanOf(text)];
  const { edits } = await engine.inspect(spans, [], engine.policyFor("request", [REDACT]), living());
  return delivered(spans, edits)[0];
}

describe("escapes of JSON in a plain text", () => {
  test.each([
    ['{"mail":"a\\u0040b.com"}', '{"mail":"[EMAIL_ADDRESS]"}'],
    ['"line\\nbob@acme.test"', '"line\\n[EMAIL_ADDRESS]"'],
    ['"bob@acme.test\\nline"', '"[EMAIL_ADDRESS]\\nline"'],
    ['"\\tbob@acme.test\\r\\ncarol@acme.test\\n"', '"\\t[EMAIL_ADDRESS]\\r\\n[EMAIL_ADDRESS]\\n"'],
    ['"{\\"to\\":\\"\\\\nbob@acme.test\\"}"', '"{\\"to\\":\\"\\\\n[EMAIL_ADDRESS]\\"}"'],
    ['"\\u0034111 1111\\n1111 1111"', '"[CREDIT_CARD]"'],
    ['"see https:\\/\\/app:s3cr3tPw9@db.acme.test\\/x"', '"see [URL_CREDENTIALS]"'],
    ['"{\\"password\\":\\"hunter2hunter2\\"}"', '"{\\"password\\":\\"[GENERIC_SECRET]\\"}"'],
    ['"met\\nBlue Heron\\nand nova-7"', '"met\\n[NAME]\\nand [HOST]"'],
    ["C:\\users\\bob@acme.test", "C:\\users\\b[EMAIL_ADDRESS]"],
    ["\\d+\\.\\w{2} \\x41 \\", "\\d+\\.\\w{2} \\x41 \\"],
  ])("%s becomes %s", async (text, expected) => {
    expect(await rewritten(text)).toBe(expected);
  });

  test("never end a pasted document's being JSON", async () => {
    const value = fc.constantFrom("bob@acme.test", CARD, "Blue Heron", "\n", "\t", '"', "\\", "/", "é\u2028", "nova-7", "n", " ", "😀", ": ", "x"); // prettier-ignore
    const text = fc.array(value, { maxLength: 8 }).map((parts) => parts.join("\n"));
    await fc.assert(
      fc.asyncProperty(text, fc.boolean(), async (given, twice) => {
        const pasted = JSON.stringify({ text: twice ? JSON.stringify({ given }) : given });
        const left = JSON.parse((await rewritten(pasted)) ?? "") as { readonly text: string };
        if (twice) JSON.parse(left.text);
        expect(left.text).not.toMatch(/bob@acme|4111111111111111/);
      }),
      { numRuns: 150 },
    );
  });
});

describe("the edges of escapes", () => {
  test.each([
    ["a\\nbob", 2, 6, { start: 3, end: 6 }],
    ["a\\nbob", 1, 6, { start: 1, end: 6 }],
    ["a\\u0041bob", 4, 10, { start: 7, end: 10 }],
    ["bob\\n", 0, 4, { start: 0, end: 3 }],
    ["bob\\\\", 0, 5, { start: 0, end: 5 }],
    ["\\n", 1, 2, null],
    ["\\dog", 1, 4, { start: 1, end: 4 }],
  ])("%j: [%i, %i) is %j", (text, start, end, expected) => {
    expect(wholeEscapes(text, start, end)).toEqual(expected);
  });

  test("cut nothing in two, and are known where a text breaks off", () => {
    expect([0, 1, 2, 3, 4].map((at) => beforeEscape("\\\\\\n", at))).toEqual([0, 0, 2, 2, 4]);
    expect([3, 8, 9].map((at) => beforeEscape("x\\\\\\u0041", at))).toEqual([3, 3, 9]);
    expect(["\\", "\\\\", "\\u", "\\u00e", "\\\\u00", "\\u00e9", "\\n", "u00"].map(incompleteEscape)).toEqual([1, 0, 2, 5, 0, 0, 0, 0]); // prettier-ignore
  });
});

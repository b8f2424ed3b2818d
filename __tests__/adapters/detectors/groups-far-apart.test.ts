import { builtInDetectors } from "../../../adapters/detectors/built-in";
import { scanText } from "../../../lib/dlp/scan-text";
import type { HeldText } from "../../../lib/dlp/stream/channel";
import { engineOf, living, policyOf, spanOf } from "../../support/dlp";

const detectors = builtInDetectors();
const engine = engineOf({ detectors });
const policy = engine.policyFor("response", [policyOf({ response: { US_SSN: "redact", CREDIT_CARD: "redact" } })]);

const CARD = ["4012", "8888", "8888", "1881"];
const SSN = ["536", "22", "8726"];
const GAPS = ["\n", "\r\n", "--", " - ", " -- ", "  ", "   ", "_", "\n    ", " -\r\n  "];
const texts = GAPS.flatMap((gap) => [
  ["CREDIT_CARD", `pay with ${CARD.join(gap)} ok`, CARD.join(gap)],
  ["US_SSN", `My SSN is ${SSN.join(gap)}, thanks`, SSN.join(gap)],
  ["US_SSN", SSN.join(gap), SSN.join(gap)],
]) as readonly (readonly [string, string, string])[];

async function found(entity: string, text: string): Promise<string[]> {
  const findings = await scanText(text, detectors);
  return findings.filter((one) => one.entity === entity).map(({ start, end }) => text.slice(start, end));
}

async function streamed(text: string): Promise<string> {
  const stream = engine.openStream(policy, living());
  const held: HeldText[] = [];
  for (const letter of text) {
    held.push(stream.add(spanOf(letter, { channel: "c" })));
    await stream.settle([]);
  }
  await stream.settle(["c"]);
  return held.map((one) => one.text ?? "").join("");
}

test.each(texts)("%s in %j is found whole, and in a stream as well", async (entity, text, value) => {
  expect(await found(entity, text)).toEqual([value]);
  expect(await streamed(text)).toBe(text.replace(value, `[${entity}]`));
});

test("a card is found that is broken over lines among other numbers", async () => {
  const value = "4012 8888\n    8888 1881";
  expect(await found("CREDIT_CARD", `Card:\n    ${value}\n    12/29   123\n`)).toEqual([value]);
});

test.each(["please file 536 - 22 - 8726 today", "it is 536 -- 22 -- 8726."])(
  "dashes join by themselves: %j",
  async (text) => {
    expect(await found("US_SSN", text)).toHaveLength(1);
  },
);

test.each([
  "please file 536  22  8726 today",
  "columns 536\n22\n8726 of it",
  "ssn 12  536  22  8726",
  "ssn 536 - 22 - 8726 - 11",
  "ssn 666 - 22 - 8726",
  "ssn x_536_22_8726",
  "ssn abc - 22 - 8726",
  "ssn 536\n\n22\n\n8726",
  "4012   8888   8888   1881   2345",
  "at 40128888   88881881",
  "4012 | 8888 | 8888 | 1881",
  `4012${" ".repeat(21)}8888 8888 1881`,
])("groups that nothing joins are no number: %j", async (text) => {
  expect([...(await found("US_SSN", text)), ...(await found("CREDIT_CARD", text))]).toEqual([]);
  expect(await streamed(text)).toBe(text);
});

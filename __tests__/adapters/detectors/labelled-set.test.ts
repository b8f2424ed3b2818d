import { builtInDetectors } from "../../../adapters/detectors/built-in";
import { labelledSet } from "../../../bench/dlp/labelled-set";
import { score, type Rates } from "../../../bench/dlp/score";
import { scanText, type ScanFinding } from "../../../lib/dlp/scan-text";

/** `node bench/dlp-detection.js` prints the whole table; these are slightly below what it says. */
const FLOORS: Readonly<Record<string, number>> = {
  EMAIL_ADDRESS: 1,
  CREDIT_CARD: 1,
  IBAN_CODE: 1,
  US_SSN: 0.99,
  PHONE_NUMBER: 0.97,
  IP_ADDRESS: 0.98,
  MAC_ADDRESS: 0.98,
  URL: 0.98,
  CRYPTO_WALLET: 0.98,
  DATE_OF_BIRTH: 0.98,
  personal: 0.99,
  secret: 0.98,
};

const cases = labelledSet();
let rates: Readonly<Record<string, Rates>> = {};

beforeAll(async () => {
  const detectors = builtInDetectors();
  const found: (readonly ScanFinding[])[] = [];
  for (const { text } of cases) found.push(await scanText(text, detectors));
  rates = score(cases, found);
}, 60_000);

test("the labelled set has more than 4,000 texts, with and without something to find", () => {
  expect(cases.length).toBeGreaterThan(4_000);
  expect(cases.filter(({ labels }) => labels.length === 0).length).toBeGreaterThan(1_500);
});

test.each(Object.entries(FLOORS))("F1 of %s is at least %d", (entity, floor) => {
  expect(rates[entity]?.f1).toBeGreaterThanOrEqual(floor);
});

test("no kind of identifier is found less than two times in three, or wrongly as often as rightly", () => {
  const poor = Object.entries(rates).filter(([, { recall, precision }]) => recall < 0.67 || precision < 0.5);
  expect(poor).toEqual([]);
});

test("of secrets 19 in 20 are found, and 95 in 100 that are found are some", () => {
  expect(rates["secret"]?.recall).toBeGreaterThanOrEqual(0.95);
  expect(rates["secret"]?.precision).toBeGreaterThanOrEqual(0.95);
});

import { builtInDetectors } from "../../../adapters/detectors/built-in";
import { scanText } from "../../../lib/dlp/scan-text";

const detectors = builtInDetectors();

const VALUES = [
  ["EMAIL_ADDRESS", "mail ", "alice.b@example.com"],
  ["CREDIT_CARD", "card ", "4012 8888 8888 1881"],
  ["IBAN_CODE", "iban ", "DE89 3704 0044 0532 0130 00"],
  ["US_SSN", "ssn ", "536-22-8726"],
  ["PHONE_NUMBER", "call ", "+1 415-555-0132"],
  ["IP_ADDRESS", "from ", "203.0.113.77"],
  ["MAC_ADDRESS", "nic ", "00-1A-2B-3C-4D-5E"],
  ["URL", "see ", "https://www.example.com/a-b?c=1"],
  ["CRYPTO_WALLET", "wallet ", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"],
  ["DATE_OF_BIRTH", "born on ", "12 March 1985"],
  ["DE_TAX_ID", "steuer ", "50 417 868 391"],
  ["UK_NINO", "nino ", "AB 12 34 56 C"],
  ["IN_AADHAAR", "aadhaar ", "3655-8542-4934"],
  ["BR_CPF", "cpf ", "529.982.247-25"],
  ["FR_NIR", "nir ", "2 55 08 14 168 025 38"],
] as const;

const WAYS: readonly (readonly [string, (value: string) => string])[] = [
  ["a zero-width space behind every character", (value) => [...value].join("\u200b")],
  ["a soft hyphen inside", (value) => `${value.slice(0, 5)}\u00ad${value.slice(5)}`],
  [
    "a word joiner and a byte-order mark inside",
    (value) => `${value.slice(0, 3)}\u2060${value.slice(3, 6)}\ufeff${value.slice(6)}`,
  ],
  ["full-width characters", (value) => value.replace(/[!-~]/g, (one) => moved(one, 0xfee0))],
  ["full-width digits", (value) => value.replace(/\d/g, (one) => moved(one, 0xfee0))],
  ["mathematical digits", (value) => value.replace(/\d/g, (one) => String.fromCodePoint(0x1d7ce + Number(one)))],
  ["Arabic-Indic digits", (value) => value.replace(/\d/g, (one) => moved(one, 0x630))],
  ["Bengali digits", (value) => value.replace(/\d/g, (one) => moved(one, 0x9b6))],
  ["digits on keycaps", (value) => value.replace(/\d/g, "$&\ufe0f\u20e3")],
  ["superscript digits", (value) => value.replace(/\d/g, (one) => "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(Number(one)))],
  ["circled digits", (value) => value.replace(/\d/g, (one) => "⓪①②③④⑤⑥⑦⑧⑨".charAt(Number(one)))],
  ["a superscript digit at the end", (value) => value.replace(/\d$/, (one) => moved(one, 0x2050))],
  ["bold letters", (value) => value.replace(/[a-z]/g, (one) => moved(one, 0x1d3b9))],
  ["a Hangul filler behind every character", (value) => [...value].join("\u3164")],
  ["a blank pattern of Braille inside", (value) => `${value.slice(0, 5)}\u2800${value.slice(5)}`],
  ["a line separator behind every character", (value) => [...value].join("\u2028")],
  ["no-break spaces", (value) => value.replaceAll(" ", "\u00a0")],
  ["narrow spaces", (value) => value.replaceAll(" ", "\u202f")],
  ["en dashes", (value) => value.replaceAll("-", "\u2013")],
  ["no-break hyphens", (value) => value.replaceAll("-", "\u2011")],
  ["direction marks around it", (value) => `\u202e${value}\u202c`],
];

function moved(character: string, by: number): string {
  return String.fromCodePoint((character.codePointAt(0) ?? 0) + by);
}

test.each(WAYS)("%s hides nothing, from the first character to the last", async (_, disguised) => {
  for (const [entity, before, value] of VALUES) {
    const hidden = disguised(value);
    const text = `He said: ${before}${hidden}, that is all.`;
    const start = text.indexOf(hidden);
    const found = (await scanText(text, detectors)).filter((finding) => finding.entity === entity);
    const [first] = found;
    expect([entity, found.length, (first?.start ?? -1) <= start + 1]).toEqual([entity, 1, true]);
    expect([entity, (first?.end ?? -1) >= start + hidden.length - 1]).toEqual([entity, true]);
  }
});

test.each(["\u00b9", "\u2460", "\u3164so", "\u2028so"])("%j behind a value does not hide it", async (behind) => {
  // Behind a date's year no letter or number of any script may stand.
  for (const [entity, before, value] of VALUES.filter(([name]) => name !== "DATE_OF_BIRTH")) {
    const found = await scanText(`He said: ${before}${value}${behind}, that is all.`, detectors);
    expect([entity, found.some((finding) => finding.entity === entity)]).toEqual([entity, true]);
  }
});

/** Lengths of account numbers by country, from the IBAN registry (ISO 13616). */
const LENGTHS =
  "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";
/** What the letter A counts in an account number; B counts one more. */
const FIRST_LETTER = 10;
const LETTERS = 26;
const BY_COUNTRY = new Uint8Array(LETTERS * LETTERS);
for (const entry of LENGTHS.split(" ")) {
  const [first, second] = [Number.parseInt(entry.charAt(0), 36), Number.parseInt(entry.charAt(1), 36)];
  BY_COUNTRY[placeOf(first, second)] = Number(entry.slice(2));
}

/** How many characters an IBAN has whose country's letters count `first` and `second`; 0 for a country without. */
export function ibanLength(first: number, second: number): number {
  return BY_COUNTRY[placeOf(first, second)] ?? 0;
}

function placeOf(first: number, second: number): number {
  return (first - FIRST_LETTER) * LETTERS + second - FIRST_LETTER;
}

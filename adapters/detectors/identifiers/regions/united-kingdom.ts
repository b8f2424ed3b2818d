import * as nino from "stdnum/lib/cjs/gb/nino";
import { isOneDigit, valid, weighted } from "../checks/check-digits";
import type { IdentifierRule } from "../identifier-rule";

function isNhsNumber(digits: string): boolean {
  const check = 11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return !isOneDigit(digits) && check !== 10 && check % 11 === Number(digits.charAt(9));
}

/** Surname, decade, month (50 more for women), day, year digit, initials, tie-breaker and check. */
function isDrivingLicence(code: string): boolean {
  const match = /^[A-Z]{1,5}9{0,4}\d([0156]\d)([0-3]\d)\d[A-Z9]{2}[A-Z0-9][A-Z]{2}$/.exec(code);
  const month = Number(match?.[1]) % 50;
  const day = Number(match?.[2]);
  return match !== null && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

const POSTCODE =
  /^(?:GIR0AA|(?:[A-PR-UWYZ]\d{1,2}|[A-PR-UWYZ][A-HK-Y]\d{1,2}|[A-PR-UWYZ]\d[A-HJKPSTUW]|[A-PR-UWYZ][A-HK-Y]\d[ABEHMNPRVWXY])\d[ABD-HJLNP-UW-Z]{2})$/;

/** Area and age since 2001; a letter for the year in front since 1983, behind since 1963. */
const PLATE =
  /^(?:[A-HJ-PR-Y]{2}(?:0[2-9]|[12]\d|5[1-9]|[67]\d)[A-HJ-PR-Z]{3}|[A-HJ-NPR-TV-Y]\d{1,3}[A-HJ-PR-Z]{3}|[A-Z]{3}\d{1,3}[A-HJ-NPR-TV-Y])$/;

/** Identifiers of the United Kingdom. */
export const UNITED_KINGDOM: readonly IdentifierRule[] = [
  {
    entity: "UK_NHS",
    forms: { "999-999-9999": 0.5, "9999999999": 0.2 },
    check: isNhsNumber,
    context: "nhs|national health|health service|health services authority|patient|patient number",
  },
  {
    entity: "UK_NINO",
    forms: {
      AA999999A: 0.55,
      "AA-99-99-99-A": 0.6,
      "AA-999999-A": 0.6,
      "AA-99-99-99A": 0.55,
      "AA999999-A": 0.5,
      "AA-999-999A": 0.5,
      "AA-999999A": 0.5,
    },
    check: valid(nino),
    context: "national insurance|ni number|ni no|nino|ni|insurance number|national insurance number",
  },
  {
    entity: "UK_PASSPORT",
    forms: { AA9999999: 0.1, "999999999": 0.02 },
    context: "passport|uk passport|british passport|hmpo|travel document|her majesty|his majesty",
  },
  {
    entity: "UK_POSTCODE",
    forms: { "A9 9AA": 0.45, "A99 9AA": 0.5, "AA9 9AA": 0.5, "AA99 9AA": 0.5, "A9A 9AA": 0.5, "AA9A 9AA": 0.5, "GIR 0AA": 0.5, AA99AA: 0.3, AA999AA: 0.3, A9A9AA: 0.3, AA9A9AA: 0.3, A999AA: 0.3, A99AA: 0.3 }, // prettier-ignore
    check: (code) => POSTCODE.test(code),
    capitals: true,
    context: "postcode|post code|postal code|zip|address|delivery|mailing|shipping|correspondence|postal",
  },
  {
    entity: "UK_VEHICLE_REGISTRATION",
    forms: {
      "AA99-AAA": 0.5,
      AA99AAA: 0.35,
      "A999 AAA": 0.35,
      "AAA 999A": 0.35,
      A999AAA: 0.3,
      AAA999A: 0.3,
      "A99 AAA": 0.3,
      "A9 AAA": 0.3,
      "AAA 99A": 0.3,
      "AAA 9A": 0.3,
    },
    check: (code) => PLATE.test(code),
    capitals: true,
    context: "vehicle|registration|number plate|licence plate|license plate|reg|vrn|dvla|v5c|logbook|mot|car|plate",
  },
  {
    entity: "UK_DRIVING_LICENCE",
    forms: { AAAAA999999AAXAA: 0.6, AAAA9999999AAXAA: 0.6, AAA99999999AAXAA: 0.6, AA999999999AAXAA: 0.6, AAAAA999999A9XAA: 0.6, AAAA9999999A9XAA: 0.6, AAA99999999A9XAA: 0.6, AA999999999A9XAA: 0.6, AAAAA99999999XAA: 0.6 }, // prettier-ignore
    check: isDrivingLicence,
    context: "driving licence|driver licence|driving license|licence|dvla|driver number|dl",
  },
];

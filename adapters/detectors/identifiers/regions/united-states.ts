import { passesLuhn } from "../../built-in/luhn";
import { isOneDigit, weighted } from "../checks/check-digits";
import type { IdentifierRule } from "../identifier-rule";

/** Numbers that were printed on sample cards and in advertisements: nobody has them. */
const SAMPLE_SSN = /^(?:078051120|219099999|98765432\d)$/;

export const SSN_CONTEXT =
  "ssn|ssns|ssid|ss#|social security|social|social sec|soc sec|social insurance|ss number|ss no|taxpayer";

/** Area, group and serial as the Social Security Administration assigns them. */
export function isSsn(digits: string): boolean {
  const unassigned = /^(?:000|666|9)|^\d{3}00|0000$/.test(digits);
  return !unassigned && !isOneDigit(digits) && !SAMPLE_SSN.test(digits);
}

function isRoutingNumber(digits: string): boolean {
  const district = /^(?:0[0-9]|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)/.test(digits);
  return district && !isOneDigit(digits) && weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0;
}

/** Five digits and four are the postal code of an address, unless a word says otherwise or nothing else is said. */
const DASHED_FORMS = { "999-99-9999": 0.55, "999-999999": 0.5, "99999-9999": 0.3, "999999999": 0.3 };

/** Registrants of the Drug Enforcement Administration: type letter, letter or 9, six digits and their sum. */
function isDeaNumber(code: string): boolean {
  const digits = code.slice(2);
  return /^[ABCDEFGHJKLMPRSTUX]/.test(code) && weighted(digits, [1, 2, 1, 2, 1, 2]) % 10 === Number(digits.charAt(6));
}

const LICENSE = "driver|drivers|driver s license|license|licence|permit|dl|dmv|lic|identification";

/** Identifiers of the United States. */
export const UNITED_STATES: readonly IdentifierRule[] = [
  {
    entity: "US_SSN",
    forms: DASHED_FORMS,
    check: isSsn,
    context: SSN_CONTEXT,
  },
  {
    entity: "US_ITIN",
    forms: DASHED_FORMS,
    check: (digits) => /^9\d{2}(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])/.test(digits),
    context: "itin|individual taxpayer|taxpayer identification|tax id|taxid|tin|tax|taxpayer",
  },
  {
    entity: "US_PASSPORT",
    forms: { "999999999": 0.05, A99999999: 0.1 },
    context: "us passport|passport|passport number|passport no|travel document",
  },
  {
    entity: "US_DRIVER_LICENSE",
    forms: { A9999999: 0.1, A99999999: 0.1, A999999999999: 0.1, A99999999999: 0.1, A9999: 0.05, A99999: 0.05, A999999: 0.1, A999999999: 0.1, A9999999999: 0.1, A9999999999999: 0.1, AA999999A: 0.1, AA99999: 0.1, AA999999: 0.1, "9999999": 0.01, "99999999": 0.01, "999999999": 0.01, "9999999999": 0.01, "A999-9999-9999": 0.25, "A999-999-99-999-9": 0.25, "99AAA9999": 0.1, "99AAA99999": 0.1, "A99-99-9999": 0.2 }, // prettier-ignore
    context: LICENSE,
  },
  {
    entity: "US_BANK_NUMBER",
    forms: { "99999999": 0.02, "999999999": 0.02, "9999999999": 0.02, "99999999999": 0.02, "999999999999": 0.02, "9999999999999": 0.02, "99999999999999": 0.02, "999999999999999": 0.02, "9999999999999999": 0.02, "99999999999999999": 0.02 }, // prettier-ignore
    context:
      "bank account|account number|checking|savings|debit account|bank|acct|account no|acct no|check number|account",
  },
  {
    entity: "ABA_ROUTING_NUMBER",
    forms: { "9999-9999-9": 0.5, "999999999": 0.05 },
    check: isRoutingNumber,
    context: "aba|routing|routing number|rtn|transit|bank|abarouting|bankrouting|association",
  },
  {
    entity: "US_NPI",
    forms: { "9999999999": 0.25, "9999-999-999": 0.3 },
    check: (digits) => /^[12]/.test(digits) && !isOneDigit(digits.slice(0, 9)) && passesLuhn(`80840${digits}`),
    context: "npi|national provider|provider|provider id|provider number|nppes|prescriber|physician",
  },
  {
    entity: "US_MBI",
    forms: { "9AX9-AX9-AA99": 0.55, "9AX9AX9AA99": 0.5 },
    check: (code) =>
      /^[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d[AC-HJKMNP-RT-Y]{2}\d\d$/.test(
        code,
      ),
    context: "mbi|medicare|beneficiary|hicn|cms|medicaid",
  },
  {
    entity: "MEDICAL_LICENSE",
    forms: { AA9999999: 0.4, A99999999: 0.3 },
    check: (code) => /^[A-Z](?:[A-Z]|9)\d{7}$/.test(code) && isDeaNumber(code),
    context: "dea|medical|certificate|prescriber|dea number|medical license|physician",
  },
];

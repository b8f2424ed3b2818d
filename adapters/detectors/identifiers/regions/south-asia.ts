import * as aadhaar from "stdnum/lib/cjs/in/aadhaar";
import * as gstin from "stdnum/lib/cjs/in/gstin";
import * as mykad from "stdnum/lib/cjs/my/nric";
import * as uen from "stdnum/lib/cjs/sg/uen";
import { isMonthDay, valid, weighted } from "../checks/check-digits";
import type { IdentifierRule } from "../identifier-rule";

/** Seven digits weighted, offset by the prefix, tell the letter. */
function isNric(code: string): boolean {
  const prefix = code.charAt(0);
  const sum = weighted(code.slice(1), [2, 7, 6, 5, 4, 3, 2]) + ("TG".includes(prefix) ? 4 : prefix === "M" ? 3 : 0);
  const letters = "ST".includes(prefix) ? "JZIHGFEDCBA" : "FG".includes(prefix) ? "XWUTRQPNMLK" : "XWUTRQPNJLK";
  const place = prefix === "M" ? 10 - (sum % 11) : sum % 11;
  return "STFGM".includes(prefix) && letters.charAt(place) === code.charAt(8);
}

const PAN = "permanent account number|pan|income tax|pan card|pan no|pan number";
const GST = "gstin|gst|goods and services tax|gst number";
const NRIC = "nric|fin|identification card|foreign identification number|identity card|ic number|ic";
const VEHICLE =
  /^(?:AN|AP|AR|AS|BR|CG|CH|DD|DL|DN|GA|GJ|HP|HR|JH|JK|KA|KL|LA|LD|MH|ML|MN|MP|MZ|NL|OD|OR|PB|PY|RJ|SK|TN|TR|TS|UK|UP|WB)\d{1,2}[A-HJ-NP-Z]{1,3}\d{4}$/;

/** Identifiers of India, Singapore, Malaysia and the Philippines. */
export const SOUTH_ASIA: readonly IdentifierRule[] = [
  {
    entity: "IN_AADHAAR",
    forms: { "9999-9999-9999": 0.55, "999999999999": 0.35, "9999:9999:9999": 0.55 },
    check: (digits) => /^[2-9]/.test(digits) && valid(aadhaar)(digits),
    context: "aadhaar|aadhar|uidai|adhaar|uid|aadhaar number|आधार",
  },
  {
    entity: "IN_PAN",
    forms: { AAAAA9999A: 0.5 },
    check: (code) => /^[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]$/.test(code),
    context: PAN,
  },
  { entity: "IN_PAN", forms: { AAAAA9999A: 0.3 }, context: PAN },
  {
    entity: "IN_VOTER",
    forms: { AAA9999999: 0.35 },
    capitals: true,
    context: "voter|epic|elector|voter id|elector photo identity card|election",
  },
  {
    entity: "IN_PASSPORT",
    forms: { A9999999: 0.3, "A-9999999": 0.15 },
    check: (code) => /^[A-PR-WY][1-9]\d{5}[1-9]$/.test(code),
    context: "passport|indian passport|passport number|passport no",
  },
  {
    entity: "IN_GSTIN",
    forms: { "99AAAAA9999AXZX": 0.6 },
    check: (code) => /^(?:0[1-9]|[12]\d|3[0-8]|97)/.test(code) && valid(gstin)(code),
    context: GST,
  },
  // So much of it is prescribed that a slip of the pen shows what it was meant to be.
  {
    entity: "IN_GSTIN",
    forms: { "99AAAAA9999AXZX": 0.5 },
    check: (code) => /^(?:0[1-9]|[12]\d|3[0-7]|97)/.test(code) && /^[1-9A-Z]/.test(code.slice(12)),
    context: GST,
  },
  {
    entity: "IN_VEHICLE_REGISTRATION",
    forms: {
      AA99AA9999: 0.5,
      "AA-99-AA-9999": 0.5,
      AA99A9999: 0.45,
      "AA-99-A-9999": 0.5,
      "AA99 AA9999": 0.5,
      AA9AA9999: 0.4,
      AA9AAA9999: 0.4,
    },
    check: (code) => VEHICLE.test(code),
    context: "rto|vehicle|plate|registration|number plate|registration number|license plate|car|bike|reg no",
  },
  {
    entity: "SG_NRIC_FIN",
    forms: { A9999999A: 0.6 },
    check: isNric,
    context: NRIC,
  },
  { entity: "SG_NRIC_FIN", forms: { A9999999A: 0.4 }, check: (code) => /^[STFGM]/.test(code), context: NRIC },
  {
    entity: "SG_UEN",
    forms: { "99999999A": 0.5, "999999999A": 0.5, A99AA9999A: 0.6 },
    check: valid(uen),
    context: "uen|unique entity number|business registration|acra",
  },
  {
    entity: "MY_NRIC",
    forms: { "999999-99-9999": 0.55, "999999999999": 0.1 },
    check: valid(mykad, (digits) => isMonthDay(digits.slice(2, 4), digits.slice(4, 6))),
    context: "nric|mykad|kad pengenalan|ic number|no kp|malaysian",
  },
  {
    entity: "PH_TIN",
    forms: {
      "999-999-999-999": 0.5,
      "999-999-999": 0.1,
      "999-999-999-99999": 0.5,
      "999999999": 0.02,
      "999999999999": 0.02,
    },
    check: (digits) => weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11 === Number(digits.charAt(8)),
    context: "tin|bir|taxpayer identification|tax identification|tax id|philippine",
  },
  {
    entity: "PH_PASSPORT",
    forms: { A9999999A: 0.3, AA9999999: 0.12 },
    check: (code) => /^(?:E[A-C]|[DEOPS]\d)/.test(code),
    context: "passport|pasaporte|philippine passport|dfa|passport number",
  },
  {
    entity: "PH_UMID",
    forms: { "9999-9999999-9": 0.5, "999999999999": 0.02 },
    context: "umid|crn|common reference|unified multi purpose|unified multipurpose|sss|gsis|philhealth|pag ibig",
  },
];

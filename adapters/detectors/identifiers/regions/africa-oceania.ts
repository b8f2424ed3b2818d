import * as abn from "stdnum/lib/cjs/au/abn";
import * as acn from "stdnum/lib/cjs/au/acn";
import * as tfn from "stdnum/lib/cjs/au/tfn";
import * as teudat from "stdnum/lib/cjs/il/idnr";
import { passesLuhn } from "../../built-in/luhn";
import { isMonthDay, isOneDigit, leaving, valid, weighted } from "../checks/check-digits";
import type { IdentifierRule } from "../identifier-rule";

function isMedicare(digits: string): boolean {
  return /^[2-6]/.test(digits) && weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(digits.charAt(8));
}

const ZA_PLATE = "plate|licence plate|license plate|number plate|vehicle|registration|nommerplaat";

/** Date of birth, a serial number, citizen, resident or refugee, a digit, and the check digit. */
function isSouthAfrican(digits: string): boolean {
  return isMonthDay(digits.slice(2, 4), digits.slice(4, 6)) && /^[0-2]/.test(digits.slice(10)) && passesLuhn(digits);
}

const checked = (validator: Parameters<typeof valid>[0]) => (digits: string) =>
  !isOneDigit(digits) && valid(validator)(digits);

/** Identifiers of Australia, South Africa, Nigeria and Israel. */
export const AFRICA_OCEANIA: readonly IdentifierRule[] = [
  {
    entity: "AU_TFN",
    forms: { "999-999-999": 0.5, "999999999": 0.1, "99-999-999": 0.1 },
    check: (digits) =>
      !digits.startsWith("000") && weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0 && checked(tfn)(digits),
    context: "tfn|tax file|tax file number",
  },
  {
    entity: "AU_ABN",
    forms: { "99-999-999-999": 0.55, "99999999999": 0.4 },
    check: valid(abn, leaving([10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19], 89, [10])),
    context: "abn|australian business|business number|australian business number",
  },
  {
    entity: "AU_ACN",
    forms: { "999-999-999": 0.45, "999999999": 0.1 },
    check: (digits) =>
      (weighted(digits, [8, 7, 6, 5, 4, 3, 2, 1, 1]) % 10 === 0 || digits.endsWith("0")) && valid(acn)(digits),
    context: "acn|australian company|company number|australian company number",
  },
  {
    entity: "AU_MEDICARE",
    forms: { "9999-99999-9": 0.55, "9999999999": 0.2, "9999 99999 9 9": 0.55 },
    check: isMedicare,
    context: "medicare|medicare number|medicare card|medicare no",
  },
  {
    entity: "ZA_ID_NUMBER",
    forms: { "9999999999999": 0.55, "999999-9999-99-9": 0.6, "999999-9999-999": 0.55 },
    check: isSouthAfrican,
    context:
      "south african|id number|permanent resident|refugee|identity number|rsa id|sa id|identiteitsnommer|said|id",
  },
  {
    entity: "ZA_PASSPORT",
    forms: { A99999999: 0.1 },
    check: (code) => /^[ADMT]/.test(code),
    context: "passport|south african passport|paspoort|passport number",
  },
  {
    entity: "ZA_INCOME_TAX_NUMBER",
    forms: { "9999999999": 0.05, "9999/999/99/9": 0.4 },
    check: (digits) => /^[01239]/.test(digits),
    context: "income tax|sars|tax reference|tax number|tax ref",
  },
  { entity: "ZA_VAT_NUMBER", forms: { "4999999999": 0.1 }, context: "vat|vat number|vat registration|vat no|btw" },
  {
    entity: "ZA_DRIVER_LICENSE",
    forms: { "99999999XXXX": 0.1, "9999999999AA": 0.1, "999999999999AA": 0.1, AA99999999AA: 0.1 },
    context: "driver|driver license|driver s licence|driving licence|licence number|enatis|bestuurslisensie",
  },
  {
    entity: "ZA_COMPANY_REGISTRATION",
    forms: { "9999/999999/99": 0.6, "CK9999/999999/99": 0.6, "CK99/99999": 0.4 },
    check: (code) => /^(?:CK)?(?:19|20)|^CK/.test(code),
    context: "cipc|company registration|registration number|reg no|company|pty|ltd",
  },
  {
    entity: "ZA_TRAFFIC_REGISTER_NUMBER",
    forms: { "9999999999999": 0.05 },
    context: "traffic register|trn|enatis|traffic register number",
  },
  {
    entity: "ZA_LICENSE_PLATE",
    forms: { AA99AAAA: 0.5, AAA999AA: 0.5, "AA 99 AA AA": 0.55, "AAA 999 AA": 0.5, "999 AAA AA": 0.5 },
    check: (code) => /(?:GP|WP|ZN|EC|MP|NW|FS|NC)$/.test(code),
    capitals: true,
    context: ZA_PLATE,
  },
  {
    entity: "ZA_LICENSE_PLATE",
    forms: { "AA 999-999": 0.3, "CA 999-999": 0.45, "CA 999 999": 0.4 },
    capitals: true,
    context: ZA_PLATE,
  },
  {
    entity: "NG_NIN",
    forms: { "99999999999": 0.15 },
    context: "nin|national identification|nimc|national identity number|national identification number",
  },
  {
    entity: "NG_VEHICLE_REGISTRATION",
    forms: { "AAA-999AA": 0.5, AAA999AA: 0.3, "AAA 999 AA": 0.45, "AAA-999-AA": 0.5 },
    capitals: true,
    context: "plate|vehicle|license plate|number plate|registration|frsc|plate number",
  },
  {
    entity: "IL_ID",
    forms: { "999999999": 0.1 },
    check: (digits) => passesLuhn(digits) && checked(teudat)(digits),
    context: "teudat|teudat zehut|תעודת זהות|israeli id",
  },
];

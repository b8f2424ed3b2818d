import * as residentCard from "stdnum/lib/cjs/cn/ric";
import * as hkid from "stdnum/lib/cjs/hk/hkid";
import * as brn from "stdnum/lib/cjs/kr/brn";
import * as thai from "stdnum/lib/cjs/th/idnr";
import { isMonthDay, isOneDigit, leaving, valid, weighted } from "../checks/check-digits";
import type { IdentifierRule } from "../identifier-rule";

/** Date of birth, then 1 to 4 (residents) or 5 to 8 (foreigners) for sex and century. Since 2020 there is no check digit. */
function isResident(sex: RegExp): (digits: string) => boolean {
  return (digits) =>
    isMonthDay(digits.slice(2, 4), digits.slice(4, 6)) && sex.test(digits.charAt(6)) && !isOneDigit(digits);
}

/** The ninth digit counts five times, and the tens of that once more. */
function isBusiness(digits: string): boolean {
  return (weighted(digits, [1, 3, 7, 1, 3, 7, 1, 3, 5, 1]) + Math.floor(Number(digits.charAt(8)) / 2)) % 10 === 0;
}

const RESIDENT_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Modulo 11; X is ten. */
function isChecked(code: string): boolean {
  const check = code.endsWith("X") ? 10 : Number(code.charAt(17));
  return (weighted(code, RESIDENT_WEIGHTS) + check) % 11 === 1;
}

const passesThai = leaving([13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 11, [0, 1]);

/** One to eight, then the code of a province. */
const THAI_PROVINCE = /^[1-8](?:1[0-9]|2[0-7]|3[0-9]|4[0-9]|5[0-8]|6[0-7]|7[0-7]|8[0-6]|9[0-6])/;

/** Identifiers of Korea, Thailand, China and Hong Kong. */
export const EAST_ASIA: readonly IdentifierRule[] = [
  {
    entity: "KR_RRN",
    forms: { "999999-9999999": 0.55, "9999999999999": 0.4 },
    check: isResident(/[1-4]/),
    context: "rrn|resident registration|korean resident registration number|주민등록번호|주민번호|주민등록|resident",
  },
  {
    entity: "KR_FRN",
    forms: { "999999-9999999": 0.55, "9999999999999": 0.4 },
    check: isResident(/[5-8]/),
    context: "frn|foreigner registration|foreign registration|외국인등록번호|외국인등록|arc|alien registration",
  },
  {
    entity: "KR_BRN",
    forms: { "999-99-99999": 0.55, "9999999999": 0.15 },
    check: valid(brn, isBusiness),
    context: "brn|business registration|사업자등록번호|사업자번호|사업자",
  },
  {
    entity: "KR_DRIVER_LICENSE",
    forms: { "99-99-999999-99": 0.55, "999999999999": 0.05 },
    check: (digits) => /^(?:1[1-9]|2[0-68])/.test(digits),
    context: "운전면허번호|운전면허|면허|driver|driver license|driving license|license number",
  },
  {
    entity: "KR_PASSPORT",
    forms: { A99999999: 0.12, A999A9999: 0.3 },
    check: (code) => /^[MSRODG]/.test(code),
    context: "passport|여권|여권번호|korean passport|passport number",
  },
  {
    entity: "TH_TNIN",
    forms: { "9-9999-99999-99-9": 0.65, "9999999999999": 0.35 },
    check: (digits) => passesThai(digits) && THAI_PROVINCE.test(digits) && !isOneDigit(digits) && valid(thai)(digits),
    context: "thai|เลขประจำตัวประชาชน|บัตรประชาชน|รหัสปชช|national id|tnin|citizen|เลขบัตรประจำตัวประชาชน",
  },
  {
    entity: "CN_RESIDENT_ID",
    forms: { "99999999999999999X": 0.6 },
    check: valid(residentCard, isChecked),
    context: "身份证|身份证号|resident identity|chinese id|公民身份",
  },
  {
    entity: "HK_ID",
    forms: { "A999999(X)": 0.6, "AA999999(X)": 0.6 },
    check: valid(hkid),
    context: "hkid|身份證|hong kong identity",
  },
];

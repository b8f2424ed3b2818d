import * as vnr from "stdnum/lib/cjs/at/vnr";
import * as egn from "stdnum/lib/cjs/bg/egn";
import * as ahv from "stdnum/lib/cjs/ch/ssn";
import * as rc from "stdnum/lib/cjs/cz/rc";
import * as oib from "stdnum/lib/cjs/hr/oib";
import * as pps from "stdnum/lib/cjs/ie/pps";
import * as nip from "stdnum/lib/cjs/pl/nip";
import * as pesel from "stdnum/lib/cjs/pl/pesel";
import * as regon from "stdnum/lib/cjs/pl/regon";
import * as cnp from "stdnum/lib/cjs/ro/cnp";
import * as tckn from "stdnum/lib/cjs/tr/tckimlik";
import { isMonthDay, leaving, passesMod11And10, valid, weighted } from "../checks/check-digits";
import type { IdentifierRule } from "../identifier-rule";

const isPlate = (code: string): boolean =>
  /^(?:0[1-9]|[1-7]\d|8[01])(?!JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-PR-VYZ]{1,3}\d{2,5}$/.test(code);

/** Two sums, of every other digit thrice and of all. */
const passesFirst = leaving([3, 1, 3, 1, 3, 1, 3, 1, 3, 1], 10);
const passesSecond = leaving([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1], 10);
const passesRomanian = leaving([2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9, -1], 11, [0, 9]);

/** The first letter tells what seven digits leave of 23; a second one may have a share in it. */
function isLikelyPps(code: string): boolean {
  return code.length !== 8 || "WABCDEFGHIJKLMNOPQRSTUV".charAt(weighted(code, [8, 7, 6, 5, 4, 3, 2]) % 23) === code[7];
}

/** Identifiers of Poland, Turkey, the Alps, Ireland and the Balkans. */
export const EASTERN_EUROPE: readonly IdentifierRule[] = [
  {
    entity: "PL_PESEL",
    forms: { "99999999999": 0.4 },
    check: valid(pesel, leaving([1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1], 10)),
    context: "pesel|powszechny elektroniczny|ewidencji|polish id|numer pesel",
  },
  {
    entity: "PL_NIP",
    forms: { "999-999-99-99": 0.55, "999-99-99-999": 0.5, "9999999999": 0.1 },
    check: valid(nip, leaving([6, 5, 7, 2, 3, 4, 5, 6, 7, -1], 11)),
    context: "nip|podatkowy|podatnika|numer identyfikacji podatkowej",
  },
  {
    entity: "PL_REGON",
    forms: { "999999999": 0.05, "99999999999999": 0.2 },
    check: valid(regon, leaving([8, 9, 2, 3, 4, 5, 6, 7, -1], 11, [0, 10])),
    context: "regon",
  },
  {
    entity: "TR_NATIONAL_ID",
    forms: { "99999999999": 0.4, "999-999-999-99": 0.5 },
    check: valid(tckn, (digits) => passesFirst(digits) && passesSecond(digits)),
    context: "tckn|tc kimlik|kimlik|kimlik no|tc|t c|vatandaşlık|national id|turkish|tc no|kimlik numarası|vatandaş",
  },
  {
    entity: "TR_LICENSE_PLATE",
    forms: { "99 A 99": 0.3, "99 A 999": 0.3, "99 A 9999": 0.4, "99 A 99999": 0.4, "99 AA 99": 0.3, "99 AA 999": 0.4, "99 AA 9999": 0.4, "99 AAA 99": 0.4, "99 AAA 999": 0.45, "99 AAA 9999": 0.4, "99A9999": 0.3, "99AA999": 0.3, "99AA9999": 0.3, "99AAA99": 0.3, "99AAA999": 0.3, "99AAA9999": 0.3 }, // prettier-ignore
    check: isPlate,
    capitals: true,
    context: "plaka|araç|arac|plate|license plate|licence plate|plakası|plakalı|vehicle|ruhsat",
  },
  {
    entity: "CH_AHV",
    forms: { "756.9999.9999.99": 0.75, "7569999999999": 0.5, "756-9999-9999-99": 0.6 },
    check: valid(ahv, leaving([1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1], 10)),
    context: "ahv|avs|sozialversicherungsnummer|ahvn13|navs13",
  },
  {
    entity: "AT_SOCIAL_SECURITY",
    forms: { "9999-999999": 0.5, "9999999999": 0.15 },
    check: valid(vnr, leaving([3, 7, 9, -1, 5, 8, 4, 2, 1, 6], 11)),
    context: "svnr|sozialversicherungsnummer|sv nummer|versicherungsnummer",
  },
  {
    entity: "IE_PPS",
    forms: { "9999999A": 0.4, "9999999AA": 0.4 },
    check: valid(pps, isLikelyPps),
    context: "pps|ppsn|personal public service|pps number",
  },
  {
    entity: "CZ_RODNE_CISLO",
    forms: { "999999/9999": 0.6, "9999999999": 0.1 },
    check: valid(rc, leaving([1, -1, 1, -1, 1, -1, 1, -1, 1, -1], 11, [0, 10])),
    context: "rodné číslo|rodne cislo|rč|rodné",
  },
  {
    entity: "RO_CNP",
    forms: { "9999999999999": 0.45 },
    check: (digits) =>
      passesRomanian(digits) && isMonthDay(digits.slice(3, 5), digits.slice(5, 7)) && valid(cnp)(digits),
    context: "cnp|cod numeric personal|codul numeric personal",
  },
  {
    entity: "BG_EGN",
    forms: { "9999999999": 0.2 },
    check: valid(egn, leaving([2, 4, 8, 5, 10, 9, 7, 3, 6, -1], 11, [0, 10])),
    context: "egn|егн|единен граждански",
  },
  {
    entity: "HR_OIB",
    forms: { "99999999999": 0.25 },
    check: valid(oib, passesMod11And10),
    context: "oib|osobni identifikacijski",
  },
];

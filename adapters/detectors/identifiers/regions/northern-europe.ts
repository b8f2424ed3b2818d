import * as cpr from "stdnum/lib/cjs/dk/cpr";
import * as hetu from "stdnum/lib/cjs/fi/hetu";
import * as fodselsnummer from "stdnum/lib/cjs/no/fodselsnummer";
import * as orgnr from "stdnum/lib/cjs/se/orgnr";
import { passesLuhn } from "../../built-in/luhn";
import { isMonthDay, leaving, valid } from "../checks/check-digits";
import type { IdentifierRule } from "../identifier-rule";

/** Date of birth (day plus 60 for coordination numbers), three digits and a check digit over the last ten. */
function isPersonnummer(digits: string): boolean {
  const ten = digits.slice(-10);
  if (!passesLuhn(ten)) return false;
  const day = Number(ten.slice(4, 6));
  const born = isMonthDay(ten.slice(2, 4), String(day > 60 ? day - 60 : day));
  const century = digits.length === 10 || /^(?:18|19|20)/.test(digits);
  return born && century;
}

/** What all digits but the separator leave of 31 tells the last character; the first four are a date. */
function isLikelyHetu(code: string): boolean {
  if (!isMonthDay(code.slice(2, 4), code.slice(0, 2))) return false;
  const rest = Number(code.slice(0, 6) + code.slice(-4, -1)) % 31;
  return "0123456789ABCDEFHJKLMNPRSTUVWXY".charAt(rest) === code.slice(-1);
}

/** The seventh digit tells the century; nobody was born yet in a year to come. */
function isLikelyCpr(digits: string): boolean {
  const seventh = Number(digits.charAt(6));
  const year = Number(digits.slice(4, 6));
  const isOfThisCentury = seventh >= 4 && year < (seventh === 4 || seventh === 9 ? 37 : 58);
  return !isOfThisCentury || 2000 + year <= new Date().getFullYear();
}

const passesFirst = leaving([3, 7, 6, 1, 8, 9, 4, 5, 2, 1], 11);
const passesSecond = leaving([5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1], 11);

const isCpr = valid(cpr, isLikelyCpr);
const isOrgnr = valid(orgnr, (digits) => Number(digits.charAt(2)) >= 2 && passesLuhn(digits));
const isHetu = valid(hetu);

/** Identifiers of Sweden, Finland, Denmark and Norway. */
export const NORTHERN_EUROPE: readonly IdentifierRule[] = [
  {
    entity: "SE_PERSONNUMMER",
    forms: {
      "999999-9999": 0.55,
      "99999999-9999": 0.6,
      "999999+9999": 0.6,
      "99999999+9999": 0.6,
      "9999999999": 0.25,
      "999999999999": 0.4,
    },
    check: isPersonnummer,
    context:
      "personnummer|samordningsnummer|personal id|svenskt id|svenskt|personal identity|personnr|pnr|swedish|personal identity number",
  },
  {
    entity: "SE_ORGANISATIONSNUMMER",
    forms: { "999999-9999": 0.5, "9999999999": 0.1 },
    check: isOrgnr,
    context:
      "organisationsnummer|orgnr|org nr|organisation|företag|bolag|organization number|org nummer|organisationsnr",
  },
  {
    entity: "FI_PERSONAL_IDENTITY_CODE",
    forms: { "999999-999X": 0.6, "999999+999X": 0.6, "999999A999X": 0.6 },
    check: (code) => isLikelyHetu(code) && isHetu(code.length === 10 ? `${code.slice(0, 6)}-${code.slice(6)}` : code),
    context:
      "hetu|henkilötunnus|personbeteckningen|personal identity code|sotu|henkilötunnusta|personbeteckning|identity code",
  },
  {
    entity: "DK_CPR_NUMBER",
    forms: { "999999-9999": 0.5, "9999999999": 0.15 },
    check: (digits) =>
      isMonthDay(digits.slice(2, 4), digits.slice(0, 2)) &&
      (/^\d{4}(?:0[7-9]|[12]\d|3[0-6])[4-9]/.test(digits) || isCpr(digits)),
    context: "cpr|cpr nummer|cpr number|personnummer|cprnr|danish|cpr nr",
  },
  {
    entity: "NO_FODSELSNUMMER",
    forms: { "999999-99999": 0.6, "99999999999": 0.4 },
    check: valid(fodselsnummer, (digits) => passesFirst(digits) && passesSecond(digits)),
    context: "fødselsnummer|fodselsnummer|fnr|personnummer|d nummer|norwegian",
  },
];

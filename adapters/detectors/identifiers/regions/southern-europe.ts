import * as nie from "stdnum/lib/cjs/es/nie";
import * as dni from "stdnum/lib/cjs/es/dni";
import * as fiscalCode from "stdnum/lib/cjs/it/codicefiscale";
import * as partitaIva from "stdnum/lib/cjs/it/iva";
import * as nif from "stdnum/lib/cjs/pt/nif";
import { passesLuhn } from "../../built-in/luhn";
import { isMonthDay, isOneDigit, leaving, valid } from "../checks/check-digits";
import type { IdentifierRule } from "../identifier-rule";

const FISCAL_CODE = "codice fiscale|fiscale|cf|fiscal code|tax code";

const CHECK_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";
const passesNif = leaving([9, 8, 7, 6, 5, 4, 3, 2, 1], 11, [0, 1]);

/** The letter that eight digits leave of 23; K, L or M in front has a rule of its own. */
function isLikelyDni(code: string): boolean {
  return /^[KLM]/.test(code) || CHECK_LETTERS.charAt(Number(code.slice(0, 8)) % 23) === code.charAt(8);
}

/** X, Y and Z in front count as 0, 1 and 2. */
function isLikelyNie(code: string): boolean {
  return isLikelyDni(`${String("XYZ".indexOf(code.charAt(0)))}${code.slice(1)}`);
}

/** Identifiers of Spain, Italy, Portugal and Greece. */
export const SOUTHERN_EUROPE: readonly IdentifierRule[] = [
  {
    entity: "ES_NIF",
    forms: {
      "99999999A": 0.55,
      "99999999-A": 0.6,
      "99.999.999-A": 0.65,
      "9999999A": 0.2,
      "9999999-A": 0.3,
      "99.999.999A": 0.6,
    },
    check: (code) => isLikelyDni(code.padStart(9, "0")) && valid(dni)(code.padStart(9, "0")),
    context:
      "dni|nif|documento nacional de identidad|identidad|documento de identidad|documento nacional|identificación|identification|número de identificación|cif",
  },
  {
    entity: "ES_NIE",
    forms: { A9999999A: 0.6, "A-9999999-A": 0.65, "A9999999-A": 0.6, "A-9999999A": 0.5 },
    check: valid(nie, isLikelyNie),
    context:
      "nie|número de identificación de extranjero|extranjero|identidad|número de extranjero|identificación de extranjero",
  },
  {
    entity: "ES_PASSPORT",
    forms: { AAA999999: 0.15 },
    context: "pasaporte|passport|número de pasaporte|nº pasaporte",
  },
  {
    entity: "IT_FISCAL_CODE",
    forms: { AAAAAAXXAXXAXXXA: 0.65, "AAA-AAA-XXAXX-AXXXA": 0.65 },
    check: valid(fiscalCode),
    context: FISCAL_CODE,
  },
  // Its letters and digits alternate so that a slip of the pen shows what it was meant to be.
  {
    entity: "IT_FISCAL_CODE",
    forms: { AAAAAAXXAXXAXXXA: 0.5 },
    check: (code) => /^[A-Z]{6}\d{2}[A-EHLMPR-T](?:[0-2]\d|3[01]|[4-6]\d|7[01])[A-Z]\d{3}[A-Z]$/.test(code),
    context: FISCAL_CODE,
  },
  {
    entity: "IT_VAT_CODE",
    forms: { "99999999999": 0.2, IT99999999999: 0.55 },
    check: (code) => passesLuhn(code.slice(-11)) && valid(partitaIva)(code.slice(-11)),
    context: "piva|partita iva|p iva|iva|vat|pi|vat code|vat number",
  },
  {
    entity: "IT_DRIVER_LICENSE",
    forms: { AA9999999A: 0.3, AXXXXXXXXA: 0.05, U1XXXXXXXA: 0.35 },
    check: (code) => /^(?:[A-Z]{2}\d{7}[A-Z]|U1[B-Y0-9]{7}[A-Z])$/.test(code),
    context:
      "patente|patente di guida|licenza|licenza di guida|license|licence|driving license|driver license|driver s license|guida",
  },
  {
    entity: "IT_PASSPORT",
    forms: { AA9999999: 0.1 },
    context: "passaporto|elettronico|italiano|viaggio|viaggiare|estero|documento|dogana|passport|viaggi",
  },
  {
    entity: "IT_IDENTITY_CARD",
    forms: { AA99999AA: 0.4, "9999999AA": 0.1, AA9999999: 0.05, "AA 99999 AA": 0.4, "AA 9999999": 0.1 },
    capitals: true,
    context:
      "carta|identità|identita|elettronica|cie|documento|riconoscimento|espatrio|carta d identità|identity card|id card",
  },
  {
    entity: "PT_NIF",
    forms: { "999-999-999": 0.2, "999999999": 0.05 },
    check: (digits) => /^[1-35-9]/.test(digits) && passesNif(digits) && !isOneDigit(digits) && valid(nif)(digits),
    context: "nif|contribuinte|número de contribuinte|numero de contribuinte|número de identificação fiscal|fiscal",
  },
  {
    entity: "GR_AMKA",
    forms: { "99999999999": 0.3 },
    check: (digits) => isMonthDay(digits.slice(2, 4), digits.slice(0, 2)) && passesLuhn(digits),
    context: "amka|αμκα|κοινωνικής ασφάλισης",
  },
];

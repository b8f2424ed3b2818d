import * as taxId from "stdnum/lib/cjs/de/idnr";
import * as socialSecurity from "stdnum/lib/cjs/de/svnr";
import * as vatId from "stdnum/lib/cjs/de/vat";
import { passesMod11And10, valid, weighted } from "../checks/check-digits";
import { icaoDigit } from "../checks/icao";
import type { IdentifierRule } from "../identifier-rule";

/** The insured's letter as two digits, then nine digits weighted 1, 2, 1, 2, …; the sum of their digit sums ends in the check digit. */
function isHealthInsurance(code: string): boolean {
  const letter = String(code.charCodeAt(0) - 64).padStart(2, "0");
  const sum = [...letter, ...code.slice(1, 9)].reduce((total, digit, place) => {
    const product = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return total + Math.floor(product / 10) + (product % 10);
  }, 0);
  return sum % 10 === Number(code.charAt(9));
}

const DOCUMENT_LETTERS = /^[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}/;
const isDocument = (code: string): boolean => DOCUMENT_LETTERS.test(code) && /\d/.test(code);
const isCheckedDocument = (code: string): boolean =>
  isDocument(code) && icaoDigit(code.slice(0, 9)) === Number(code.charAt(9));

/** Six digits weighted 4 and 9 in turn and their check digit; two for the field follow. */
function isDoctor(digits: string): boolean {
  return (10 - (weighted(digits, [4, 9, 4, 9, 4, 9]) % 10)) % 10 === Number(digits.charAt(6));
}

/** No digit stands more than three times among the first ten of a tax number. */
const hasFourAlike = (digits: string): boolean => [..."0123456789"].some((digit) => digits.split(digit).length > 4);

const PASSPORT = "reisepass|pass|passnummer|reisepassnummer|passport|passport number|pass nr|reisedokument";
const VAT = "ust|ustid|ust id|umsatzsteuer|umsatzsteueridentifikationsnummer|vat|vat id|mwst";
/** The same number with its check digit as the ninth character. */
const isShortDocument = (code: string): boolean =>
  isDocument(code) && icaoDigit(code.slice(0, 8)) === Number(code.charAt(8));

/** Identifiers of Germany. */
export const GERMANY: readonly IdentifierRule[] = [
  {
    entity: "DE_TAX_ID",
    forms: { "99-999-999-999": 0.55, "99999999999": 0.35 },
    check: (digits) => passesMod11And10(digits) && !hasFourAlike(digits.slice(0, 10)) && valid(taxId)(digits),
    context:
      "steuer|id nr|steuerid|idnr|steuer id|steuer idnr|steueridentifikationsnummer|identifikationsnummer|tax id|tin|tax|tax identification|finanzamt|steuernummer",
  },
  {
    entity: "DE_TAX_NUMBER",
    forms: { "99/999/99999": 0.5, "999/999/99999": 0.5, "999/9999/9999": 0.5, "99/999/9999": 0.3, "99/9999/9999": 0.3, "99999/99999": 0.3, "999 9999 9999": 0.2, "99 999 99999": 0.2, "9999999999999": 0.1, "99999999999": 0.05, "9999999999": 0.02 }, // prettier-ignore
    context: "steuernummer|steuer nr|steuernr|st nr|stnr|tax number|finanzamt|umsatzsteuer|elster",
  },
  {
    entity: "DE_VAT_ID",
    forms: { DE999999999: 0.6, "DE-999999999": 0.6, "DE-999-999-999": 0.6 },
    check: (code) => passesMod11And10(code.slice(2)) && valid(vatId)(code.slice(2)),
    context: VAT,
  },
  // How the check digit is made was never published.
  { entity: "DE_VAT_ID", forms: { DE999999999: 0.5, "DE 999999999": 0.3, "DE 999 999 999": 0.45 }, context: VAT },
  {
    entity: "DE_PASSPORT",
    forms: { AXXXXXXXX: 0.06, AXXXXXXXX9: 0.1 },
    check: (code) => (code.length === 10 ? isCheckedDocument(code) : isDocument(code)),
    context: PASSPORT,
  },
  { entity: "DE_PASSPORT", forms: { AXXXXXXX9: 0.09 }, check: isShortDocument, context: PASSPORT },
  {
    entity: "DE_ID_CARD",
    forms: { AXXXXXXXX: 0.05, T99999999: 0.3, AXXXXXXXX9: 0.1 },
    check: (code) => (code.length === 10 ? isCheckedDocument(code) : isDocument(code)),
    context:
      "personalausweis|ausweis|ausweisnummer|personalausweisnummer|id card|identity card|identitätskarte|npa|perso",
  },
  {
    entity: "DE_SOCIAL_SECURITY",
    forms: { "99-999999-A-999": 0.6, "99999999A999": 0.55 },
    check: valid(socialSecurity),
    context:
      "sozialversicherungsnummer|rentenversicherungsnummer|rentenversicherung|rvnr|svnr|sv nummer|versicherungsnummer|rvn|vsnr|social security|sozialversicherung|sozialversicherungsausweis",
  },
  {
    entity: "DE_HEALTH_INSURANCE",
    forms: { A999999999: 0.5 },
    check: isHealthInsurance,
    context:
      "krankenversicherung|krankenversichertennummer|kvnr|krankenkasse|gesundheitskarte|egk|versichertennummer|versicherten nr|kv nummer|health insurance|krankenversicherungsnummer|gkv",
  },
  {
    entity: "DE_KFZ",
    forms: { "A-AA 9999": 0.45, "AA-AA 9999": 0.5, "AAA-AA 9999": 0.5, "A-AA 999": 0.45, "AA-AA 999": 0.5, "AAA-AA 999": 0.45, "A-AA 99": 0.3, "AA-AA 99": 0.3, "AAA-AA 99": 0.3, "A-A 9999": 0.45, "AA-A 9999": 0.4, "AAA-A 9999": 0.4, "A-A 999": 0.3, "AA-A 999": 0.3, "AAA-A 999": 0.3, "A-AA-9999": 0.3, "AA-AA-9999": 0.3, "AAA-AA-9999": 0.3, "AA-AA-999": 0.3, "A-AA-999": 0.3, "AAA-AA-999": 0.3, "A-AA 99E": 0.4, "AA-AA 999E": 0.5, "A-AA 999E": 0.5, "AA-AA 99H": 0.5, "A-AA 99H": 0.5 }, // prettier-ignore
    capitals: true,
    context:
      "kennzeichen|kfz|kfz kennzeichen|autokennzeichen|nummernschild|fahrzeug|zulassung|license plate|licence plate|number plate|amtliches|auto|pkw",
  },
  {
    entity: "DE_HANDELSREGISTER",
    forms: Object.fromEntries(
      ["999999", "99999", "9999", "999", "99", "9"].flatMap((digits) => [
        [`HRA ${digits}`, 0.6],
        [`HRB ${digits}`, 0.6],
        [`HRB${digits}`, 0.5],
        [`HRA${digits}`, 0.5],
      ]),
    ),
    check: (code) => /^HR[AB]/.test(code),
    capitals: true,
    context: "handelsregister|amtsgericht|registergericht|hrb|hra|registernummer|commercial register",
  },
  {
    entity: "DE_PLZ",
    forms: { "99999": 0.05, "D-99999": 0.5 },
    check: (code) => /^D?(?!00)\d{5}$/.test(code),
    context: "plz|postleitzahl|postanschrift|wohnort|anschrift|postal code|zip code",
  },
  {
    entity: "DE_LANR",
    forms: { "999999999": 0.05 },
    check: isDoctor,
    context: "lanr|arztnummer|lebenslange arztnummer|vertragsarzt|arzt nr",
  },
  {
    entity: "DE_BSNR",
    forms: { "999999999": 0.05 },
    context: "bsnr|betriebsstättennummer|betriebsstätte|betriebsstaettennummer|praxisnummer",
  },
  {
    entity: "DE_FUEHRERSCHEIN",
    forms: { AA99999999X: 0.3, AXX99999XX9: 0.1, AXXXXXXXX9X: 0.05 },
    check: (code) => /\d{3}/.test(code),
    context:
      "führerschein|fuehrerschein|fahrerlaubnis|führerscheinnummer|führerschein nr|driving licence|driver license",
  },
];

import * as belgian from "stdnum/lib/cjs/be/nn";
import * as nir from "stdnum/lib/cjs/fr/nir";
import * as siren from "stdnum/lib/cjs/fr/siren";
import * as siret from "stdnum/lib/cjs/fr/siret";
import * as bsn from "stdnum/lib/cjs/nl/bsn";
import { passesLuhn } from "../../built-in/luhn";
import { isOneDigit, leaving, valid } from "../checks/check-digits";
import type { IdentifierRule } from "../identifier-rule";

/** What the last two digits add to the others is a multiple of 97; people born since 2000 count with a 2 in front. */
function isLikelyBelgian(digits: string): boolean {
  const check = Number(digits.slice(9));
  return [digits.slice(0, 9), `2${digits.slice(0, 9)}`].some((born) => (Number(born) + check) % 97 === 0);
}

/** The same; Corsicans have a letter. */
function isLikelyNir(code: string): boolean {
  const rest = (Number(code.slice(0, 13)) + Number(code.slice(13))) % 97;
  return Number.isNaN(rest) || rest === 0;
}

const passesBsn = leaving([9, 8, 7, 6, 5, 4, 3, 2, -1], 11);

/** The post office's establishments have another sum. */
const isLikelySiret = (digits: string): boolean => digits.startsWith("356") || passesLuhn(digits);

/** Identifiers of France, the Netherlands and Belgium. */
export const FRANCE_BENELUX: readonly IdentifierRule[] = [
  {
    entity: "FR_NIR",
    forms: {
      "9-99-99-99-999-999-99": 0.7,
      "9-99-99-9A-999-999-99": 0.7,
      "999999999999999": 0.55,
      "9999999999999 99": 0.55,
      "999999A99999999": 0.5,
    },
    check: (code) => /^[1-478]/.test(code) && isLikelyNir(code) && valid(nir)(code),
    context:
      "nir|sécurité sociale|securite sociale|numéro de sécurité sociale|insee|carte vitale|assuré|social security|sécu",
  },
  {
    entity: "FR_NIF",
    forms: { "99-99-999-999-999": 0.4, "9999999999999": 0.05 },
    check: (digits) => /^[0-3]/.test(digits),
    context: "numéro fiscal|numero fiscal|fiscal|impôt|impots|impôts|spi|tax number|référence fiscale",
  },
  {
    entity: "FR_PASSPORT",
    forms: { "99AA99999": 0.3 },
    context: "passeport|passport|numéro de passeport",
  },
  {
    entity: "FR_CNI",
    forms: { "999999999999": 0.05, AX9AXXXX9: 0.1 },
    context: "carte nationale|carte d identité|cni|identité|identity card|pièce d identité",
  },
  {
    entity: "FR_SIREN",
    forms: { "999-999-999": 0.3, "999999999": 0.05 },
    check: valid(siren, passesLuhn),
    context: "siren|rcs|registre du commerce|immatriculation",
  },
  {
    entity: "FR_SIRET",
    forms: { "999-999-999-99999": 0.55, "99999999999999": 0.3 },
    check: valid(siret, isLikelySiret),
    context: "siret|établissement|etablissement|rcs",
  },
  {
    entity: "NL_BSN",
    forms: { "9999.99.999": 0.55, "999-999-999": 0.2, "999999999": 0.1 },
    check: valid(bsn, (digits) => !isOneDigit(digits) && passesBsn(digits)),
    context: "bsn|burgerservicenummer|burger service nummer|sofi|sofinummer|sofi nummer|persoonsnummer|citizen service",
  },
  {
    entity: "NL_PASSPORT",
    forms: { AAXXXXXX9: 0.05 },
    check: (code) => /\d{2}/.test(code.slice(2)) && !code.includes("O"),
    context: "paspoort|paspoortnummer|identiteitskaart|documentnummer|rijbewijs",
  },
  {
    entity: "BE_NATIONAL_NUMBER",
    forms: { "99.99.99-999.99": 0.65, "999999-999-99": 0.55, "99999999999": 0.35 },
    check: valid(belgian, isLikelyBelgian),
    context: "rijksregisternummer|rijksregister|numéro national|registre national|insz|niss|national number|rrn",
  },
];

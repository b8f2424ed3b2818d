import * as belgian from "stdnum/lib/cjs/be/nn";
import * as nir from "stdnum/lib/cjs/fr/nir";
import * as siren from "stdnum/lib/cjs/fr/siren";
import * as siret from "stdnum/lib/cjs/fr/siret";
import * as bsn from "stdnum/lib/cjs/nl/bsn";
import { isOneDigit, valid } from "../checks/check-digits";
import type { IdentifierRule } from "../identifier-rule";

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
    check: (code) => /^[1-478]/.test(code) && valid(nir)(code),
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
    check: valid(siren),
    context: "siren|rcs|registre du commerce|immatriculation",
  },
  {
    entity: "FR_SIRET",
    forms: { "999-999-999-99999": 0.55, "99999999999999": 0.3 },
    check: valid(siret),
    context: "siret|établissement|etablissement|rcs",
  },
  {
    entity: "NL_BSN",
    forms: { "9999.99.999": 0.55, "999-999-999": 0.2, "999999999": 0.1 },
    check: (digits) => !isOneDigit(digits) && valid(bsn)(digits),
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
    check: valid(belgian),
    context: "rijksregisternummer|rijksregister|numéro national|registre national|insz|niss|national number|rrn",
  },
];

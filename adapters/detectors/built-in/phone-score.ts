import type { Finding } from "../../../lib/ports/detector";
import { contextOf, isAlone, surroundingsOf } from "../context-words";
import { vocabularyOf } from "../vocabulary";
import { isInternational, isNational, isNorthAmerican, isWithoutTrunk } from "./numbering-plans";

export const LEAST_DIGITS = 7;
/** With the zero in front; longer ones exist on paper. */
const LONGEST_NATIONAL = 12;
/** Of a group no more than fifteen digits count. */
export const SHAPE_BASE = 16;
/** Groups of dates; those of two digits alone are too short. */
const DATES: ReadonlySet<number> = new Set([0x224, 0x124, 0x214]);
const NORTH_AMERICAN: ReadonlySet<number> = new Set([0x334, 0x37, 0x1334, 0x137]);
/** A year and what follows it in a date, years from and to, and four bytes; in brackets, too. */
const NO_PHONE =
  /^\(?(?:(?:19|20)\d\d\D\d{1,2}\D\d{1,2}(?:\D\d\d)?|(?:19|20)\d\d\D(?:19|20)\d\d|\d{1,3}(?:\.\d{1,3}){3}(?:\)? [^]*)?)$/;
/** `MA 02110-1301`: a state and its postal code, in comments on lines of their own, too. */
const ZIP_SHAPE = 0x54;
const STATE = /(?<![A-Za-z])[A-Z]{2}[ \t\r\n#*/]{1,9}$/;
/** No country's code and no area's begins with nought: offsets and bytes, as dumps print them. */
const NO_PREFIX = /^000/;
const CONTEXT = contextOf(
  "phone|telephone|tel|mobile|cell|cellphone|call|calling|called|reach|reachable|my number|your number|his number|her number|our number|fax|whatsapp|sms|contact|dial|text|ring|hotline|phone number|mobile number|telefon|telefonnummer|teléfono|telefono|téléphone|tél|handy|handynummer|mobil|portable|móvil|celular|cellulare|telefone|telefoon|puhelin|puhelinnumero|cep|numara|電話|전화|手机|电话|טלפון|تلفون",
);

/** Dots beside dashes or slashes: registers write so, telephones do not. */
const MIXED = /\.\d+[-/]|[-/]\d+\./;
/** Labels of numbers that are none. */
const OTHER_NUMBERS = contextOf(
  "nhs|ssn|itin|ein|tin|tfn|abn|acn|sin|nir|siret|siren|order|invoice|account|tracking|serial|reference|ref|case|ticket|isbn|passport|tax|id|iban|routing|medicare|license|licence|policy|security|insurance|steuer|bsn|pesel|nip|batch|parcel|sku|article|cnp|rč|rodné číslo|svnr|organisationsnummer|orgnr|org nr|personnummer|personnr|hetu|henkilötunnus|cpr|fnr|mykad|kad pengenalan|nric|rut|cpf|cnpj|curp|cuit|oib|regon|établissement|nino|aadhaar|dni|nie|nif|contribuinte|teudat|tckn|kimlik|ahv|avs|pps|ppsn|burgerservicenummer|vat|ust|npi|card|imei",
);
const mayBeNamed = vocabularyOf([CONTEXT, OTHER_NUMBERS]);
const CONTEXT_GAIN = 0.35;
const OTHER_LOSS = 0.25;
/** A text of nothing but a number answers a question for one; where it is grouped, its groups have mostly said so. */
const GROUPED_SCORE = 0.5;
const ALONE_GAIN = 0.2;
const LEAST_SCORE = 0.3;

/** Groups of digits that may be one telephone number. */
export interface PhoneCandidate {
  readonly start: number;
  readonly end: number;
  readonly digits: string;
  /** Lengths of the groups, one hexadecimal digit each: `0x334`. */
  readonly shape: number;
  readonly plus: boolean;
  readonly bracket: boolean;
}

/** How sure a number is to be one, and whether a word before it says so. */
export type PhoneEvidence = Required<Pick<Finding, "score" | "context">>;

/** Null where no plan has such a number or nothing says that it is one. */
export function phoneEvidence(text: string, candidate: PhoneCandidate): PhoneEvidence | null {
  const { digits, shape, plus, start, end } = candidate;
  if (digits.length < LEAST_DIGITS || DATES.has(shape) || NO_PREFIX.test(digits) || isUniform(digits)) return null;
  if (!plus && isGrouped(shape) && isNoPhone(text.slice(start, end))) return null;
  if (shape === ZIP_SHAPE && STATE.test(text.slice(Math.max(0, start - 12), start))) return null;
  const base = plus ? (isInternational(digits) ? 0.75 : 0) : localScore(candidate);
  if (base === 0) return null;
  const around = mayBeNamed(text, start) ? surroundingsOf(text, start, end) : null;
  if (around?.has(CONTEXT) === true) return { score: Math.min(1, base + CONTEXT_GAIN), context: true };
  const gain = mayGain(text, candidate, base) && isAlone(text, start, end) ? ALONE_GAIN : 0;
  const score = base + gain - (!plus && around?.has(OTHER_NUMBERS) === true ? OTHER_LOSS : 0);
  return score < LEAST_SCORE ? null : { score, context: false };
}

/** North Americans part their numbers by dashes and dots, registers with numbers of that shape theirs by spaces. */
function mayGain(text: string, { shape, start, end }: PhoneCandidate, base: number): boolean {
  return base < GROUPED_SCORE || (NORTH_AMERICAN.has(shape) && /[-.]/.test(text.slice(start, end)));
}

function isNoPhone(number: string): boolean {
  return MIXED.test(number) || NO_PHONE.test(number);
}

/** Whether it is one digit over and over. */
function isUniform(digits: string): boolean {
  for (let at = 1; at < digits.length; at++) if (digits.charCodeAt(at) !== digits.charCodeAt(0)) return false;
  return true;
}

function isGrouped(shape: number): boolean {
  return shape >= SHAPE_BASE;
}

/** The lengths of the first groups, as many as `shape` may have; itself where it has fewer. */
function firstGroups(shape: number, most: number): number {
  let first = shape;
  while (first >= SHAPE_BASE ** most) first = Math.floor(first / SHAPE_BASE);
  return first;
}

function localScore({ digits, shape, bracket }: PhoneCandidate): number {
  const grouped = isGrouped(shape);
  if (isNorthAmerican(digits)) {
    if (NORTH_AMERICAN.has(shape)) return bracket || firstGroups(shape, 1) !== 1 ? 0.6 : 0.55;
    return grouped ? 0.2 : 0.3;
  }
  if (digits.startsWith("00") && isInternational(digits.slice(2))) return grouped ? 0.55 : 0.3;
  if (digits.length > LONGEST_NATIONAL) return 0;
  if (digits.startsWith("0") && firstGroups(shape, 1) !== 1 && isNational(digits))
    return grouped || bracket ? 0.5 : 0.3;
  // Russia and Kazakhstan dial 8 where others dial 0.
  if (digits.startsWith("8") && firstGroups(shape, 3) === 0x133 && isInternational(`7${digits.slice(1)}`)) return 0.5;
  if (isWithoutTrunk(digits)) return bracket && grouped ? 0.5 : 0.25;
  return 0;
}

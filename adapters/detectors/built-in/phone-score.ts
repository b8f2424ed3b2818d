import { contextOf, surroundingsOf } from "../context-words";
import { isInternational, isNational, isNorthAmerican, isWithoutTrunk } from "./numbering-plans";

export const LEAST_DIGITS = 7;
/** Groups of dates. */
const DATES: ReadonlySet<string> = new Set([
  "2-2-4",
  "4-2-2",
  "2-2-2",
  "1-2-4",
  "2-1-4",
  "4-1-2",
  "4-2-1",
  "4-2-2-2",
  "2-4",
]);
const CONTEXT = contextOf(
  "phone|telephone|tel|mobile|cell|cellphone|call|calling|called|fax|whatsapp|sms|contact|dial|text|ring|hotline|phone number|mobile number|telefon|telefonnummer|teléfono|telefono|téléphone|tél|handy|handynummer|mobil|portable|móvil|celular|cellulare|telefone|telefoon|puhelin|puhelinnumero|cep|numara|電話|전화|手机|电话|טלפון|تلفون",
);

/** Dots beside dashes or slashes: registers write so, telephones do not. */
const MIXED = /\.\d+[-/]|[-/]\d+\./;
/** Labels of numbers that are none. */
const OTHER_NUMBERS = contextOf(
  "nhs|ssn|itin|ein|tin|tfn|abn|acn|sin|nir|siret|siren|order|invoice|account|tracking|serial|reference|ref|case|ticket|isbn|passport|tax|id|iban|routing|medicare|license|licence|policy|security|insurance|steuer|bsn|pesel|nip|batch|parcel|sku|article",
);
const CONTEXT_GAIN = 0.35;
const OTHER_LOSS = 0.25;
const LEAST_SCORE = 0.3;

/** Groups of digits that may be one telephone number. */
export interface PhoneCandidate {
  readonly start: number;
  readonly end: number;
  readonly digits: string;
  /** Lengths of the groups: `3-3-4`. */
  readonly shape: string;
  readonly plus: boolean;
  readonly bracket: boolean;
}

/** Confidence; 0 where no plan has such a number or nothing says that it is one. */
export function phoneScore(text: string, candidate: PhoneCandidate): number {
  const { digits, shape, plus, start, end } = candidate;
  if (digits.length < LEAST_DIGITS || DATES.has(shape) || /^(\d)\1+$/.test(digits)) return 0;
  if (!plus && MIXED.test(text.slice(start, end))) return 0;
  const base = plus ? (isInternational(digits) ? 0.75 : 0) : localScore(candidate);
  if (base === 0) return 0;
  const around = surroundingsOf(text, start, end);
  if (around.has(CONTEXT)) return Math.min(1, base + CONTEXT_GAIN);
  const score = !plus && around.has(OTHER_NUMBERS) ? base - OTHER_LOSS : base;
  return score < LEAST_SCORE ? 0 : score;
}

function localScore({ digits, shape, bracket }: PhoneCandidate): number {
  const grouped = shape.includes("-");
  if (isNorthAmerican(digits)) {
    if (/^(?:1-)?3-(?:3-4|7)$/.test(shape)) return bracket || !shape.startsWith("1") ? 0.6 : 0.55;
    return grouped ? 0.2 : 0.3;
  }
  if (digits.startsWith("00") && isInternational(digits.slice(2))) return grouped ? 0.55 : 0.4;
  if (digits.startsWith("0") && !/^1(?:-|$)/.test(shape) && isNational(digits)) return grouped || bracket ? 0.5 : 0.35;
  if (isWithoutTrunk(digits)) return bracket && grouped ? 0.5 : 0.25;
  return 0;
}

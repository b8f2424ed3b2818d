import type { Validator } from "stdnum/lib/cjs/types";

type Check = (code: string) => boolean;

/** A check that the standard's own validator makes, of what is `likely` to pass: each of its refusals costs an error. */
export function valid(validator: Pick<Validator, "validate">, likely?: Check): Check {
  if (likely === undefined) return (code) => validator.validate(code).isValid;
  return (code) => likely(code) && validator.validate(code).isValid;
}

/** The digits' sum under weights. */
export function weighted(digits: string, weights: readonly number[]): number {
  const length = Math.min(weights.length, digits.length);
  let sum = 0;
  for (let place = 0; place < length; place++) sum += (weights[place] ?? 0) * (digits.charCodeAt(place) - ZERO);
  return sum;
}

const ZERO = 48;

/** Whether a sum of all digits under weights, check digits included, leaves one of these remainders. */
export function leaving(weights: readonly number[], modulus: number, remainders: readonly number[] = [0]): Check {
  const allowed = Array.from({ length: modulus }, (_, remainder) => remainders.includes(remainder));
  return (digits) => {
    const remainder = weighted(digits, weights) % modulus;
    return allowed[remainder < 0 ? remainder + modulus : remainder] === true;
  };
}

/** ISO 7064, modulo 11 and 10: each digit is carried over doubled. */
export function passesMod11And10(digits: string): boolean {
  let carried = 10;
  for (let place = 0; place < digits.length - 1; place++) {
    const sum = (digits.charCodeAt(place) - ZERO + carried) % 10;
    carried = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return (digits.charCodeAt(digits.length - 1) - ZERO + carried) % 10 === 1;
}

export function isOneDigit(digits: string): boolean {
  for (let at = 1; at < digits.length; at++) if (digits.charCodeAt(at) !== digits.charCodeAt(0)) return false;
  return /^\d/.test(digits);
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether two-digit month and day can be a date's. */
export function isMonthDay(month: string, day: string): boolean {
  const days = DAYS[Number(month) - 1];
  return days !== undefined && Number(day) >= 1 && Number(day) <= days;
}

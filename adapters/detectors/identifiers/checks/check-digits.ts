import type { Validator } from "stdnum/lib/cjs/types";

/** A check that the standard's own validator makes. */
export function valid(validator: Pick<Validator, "validate">): (code: string) => boolean {
  return (code) => validator.validate(code).isValid;
}

/** The digits' sum under weights. */
export function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, place) => sum + weight * Number(digits.charAt(place)), 0);
}

export function isOneDigit(digits: string): boolean {
  return /^(\d)\1*$/.test(digits);
}

/** Whether two-digit month and day can be a date's. */
export function isMonthDay(month: string, day: string): boolean {
  const days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Number(month) - 1];
  return days !== undefined && Number(day) >= 1 && Number(day) <= days;
}

import type { LabelledCase } from "./labelled-set";

export interface Rates {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Per entity, with all credentials as `secret` and all personal data as `personal`; `found[i]` are the findings of `cases[i]`. */
export function score(
  cases: readonly LabelledCase[],
  found: readonly (readonly { readonly entity: string; readonly start: number; readonly end: number }[])[],
): Readonly<Record<string, Rates>>;

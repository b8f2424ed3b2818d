/** What a finding scores less than is not acted on. */
export const MINIMUM_SCORE = 0.5;

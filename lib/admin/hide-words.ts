import type { PolicyEntry } from "./policy-diff";

type Value = PolicyEntry["value"];

/**
 * For the audit trail: the words that an operator's own rules look for are what must not leak, so only their number is
 * on record.
 */
export function hideWords(value: Value | null): unknown {
  if (value === null || !("dlp" in value) || value.dlp === null) return value;
  const custom = value.dlp.custom.map(({ phrases, literals, ...rule }) => ({
    ...rule,
    ...(phrases === undefined ? {} : { phrases: phrases.length }),
    ...(literals === undefined ? {} : { literals: literals.length }),
  }));
  return { ...value, dlp: { ...value.dlp, custom } };
}

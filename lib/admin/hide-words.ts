import type { PolicyEntry } from "./policy-diff";

type Value = PolicyEntry["value"];

/**
 * For the audit trail: the words that an operator's own rules look for are what must not leak, and those that are allowed are
 * found elsewhere, so only their number is on record.
 */
export function hideWords(value: Value | null): unknown {
  if (value === null || !("dlp" in value) || value.dlp === null) return value;
  const custom = value.dlp.custom.map(({ phrases, literals, ...rule }) => ({
    ...rule,
    ...(phrases === undefined ? {} : { phrases: phrases.length }),
    ...(literals === undefined ? {} : { literals: literals.length }),
  }));
  const { allow, ...dlp } = value.dlp;
  const allowed = allow === undefined ? {} : { allow: { values: allow.values.length, phrases: allow.phrases.length } };
  return { ...value, dlp: { ...dlp, custom, ...allowed } };
}

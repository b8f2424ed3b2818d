/** Whether a model id or provider name is on a list. */
export type Matcher = (text: string) => boolean;

/**
 * Compiles a list of model patterns: an exact id, or one trailing `*` for every id that begins so.
 * Code unit by code unit: no case folding, no normalisation, no trimming, no other wild card. An empty list matches nothing.
 */
export function compileModelPatterns(patterns: readonly string[]): Matcher {
  const exact = new Set(patterns.filter((pattern) => !pattern.endsWith("*")));
  const prefixes = patterns.filter((pattern) => pattern.endsWith("*")).map((pattern) => pattern.slice(0, -1));
  return (id) => exact.has(id) || prefixes.some((prefix) => id.startsWith(prefix));
}

/** Compiles a list of exact names: in provider lists a `*` is a character like any other. */
export function compileNames(names: readonly string[]): Matcher {
  const exact = new Set(names);
  return (name) => exact.has(name);
}

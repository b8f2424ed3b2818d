import type { Match, Search } from "../custom-rules";

/** Texts exactly as written. */
export function literalSearch(literals: readonly string[]): Search {
  const searched = literals.filter((literal) => literal !== "");
  return async (text, pacer) => {
    const matches: Match[] = [];
    for (const literal of searched) {
      for (let at = text.indexOf(literal); at !== -1; at = text.indexOf(literal, at + literal.length)) {
        matches.push({ start: at, end: at + literal.length });
      }
      if (pacer.isDue()) await pacer.rest();
    }
    return matches;
  };
}

import type { Match, Reach, Search } from "../custom-rules";

/** How far the longest of them reaches, and whether one may have begun at the end of a text. */
export function literalReach(literals: readonly string[]): Reach {
  const longest = literals.reduce((length, literal) => Math.max(length, literal.length), 0);
  return {
    maxLength: longest + 1,
    openAt: (text) => literals.reduce((open, literal) => Math.min(open, begunAt(text, literal)), text.length),
  };
}

function begunAt(text: string, literal: string): number {
  for (let at = Math.max(0, text.length - literal.length + 1); at < text.length; at += 1) {
    if (literal.startsWith(text.slice(at))) return at;
  }
  return text.length;
}

/** Texts exactly as written; of those that overlap, each. */
export function literalSearch(literals: readonly string[]): Search {
  const searched = literals.filter((literal) => literal !== "");
  return async (text, pacer) => {
    const matches: Match[] = [];
    for (const literal of searched) {
      for (let at = text.indexOf(literal); at !== -1; at = text.indexOf(literal, at + 1)) {
        matches.push({ start: at, end: at + literal.length });
      }
      if (pacer.isDue()) await pacer.rest();
    }
    return matches;
  };
}

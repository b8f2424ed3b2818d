import type { Match, Search } from "../custom-rules";

interface Phrase {
  /** The first word as it is looked for. */
  readonly opening: string;
  /** The whole phrase at one place; sticky. */
  readonly pattern: RegExp;
}

const WORD = /[\p{L}\p{N}\p{M}_]/u;

/** Words in any case and with any white space between them, not within longer words. */
export function phraseSearch(phrases: readonly string[]): Search {
  const compiled = phrases.map(compilePhrase).filter((phrase) => phrase.opening !== "");
  return async (text, pacer) => {
    const folded = foldCase(text);
    const matches: Match[] = [];
    for (const phrase of compiled) {
      matches.push(...findPhrase(folded, phrase));
      if (pacer.isDue()) await pacer.rest();
    }
    return matches;
  };
}

function compilePhrase(phrase: string): Phrase {
  const words = foldCase(phrase)
    .split(/\s+/)
    .filter((word) => word !== "");
  const escaped = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
  return { opening: words[0] ?? "", pattern: new RegExp(escaped.join("\\s{1,32}"), "y") };
}

function findPhrase(folded: string, { opening, pattern }: Phrase): Match[] {
  const matches: Match[] = [];
  let at = folded.indexOf(opening);
  while (at !== -1) {
    pattern.lastIndex = at;
    const length = pattern.exec(folded)?.[0].length ?? 0;
    const found = length > 0 && isEdge(folded, at) && isEdge(folded, at + length);
    if (found) matches.push({ start: at, end: at + length });
    at = folded.indexOf(opening, at + (found ? length : 1));
  }
  return matches;
}

/** Whether no word goes on across this offset. */
function isEdge(text: string, offset: number): boolean {
  return !WORD.test(text.slice(offset - 1, offset)) || !WORD.test(text.charAt(offset));
}

/** Folds case and keeps every offset: the one letter whose lower case is longer gets a lower case of its own length. */
function foldCase(text: string): string {
  return text.replaceAll("\u0130", "i").toLowerCase().replaceAll("ς", "σ");
}

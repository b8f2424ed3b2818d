import type { Match, Reach, Search } from "../custom-rules";

interface Phrase {
  /** The first word as it is looked for. */
  readonly opening: string;
  /** The whole phrase at one place; sticky. */
  readonly pattern: RegExp;
}

/** Characters of white space between two words at most. */
const WHITE_SPACE = 32;
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

/** How far the longest of them reaches, and whether one may have begun at the end of a text. */
export function phraseReach(phrases: readonly string[]): Reach {
  const words = phrases.map(wordsOf).filter((phrase) => phrase.length > 0);
  const lengths = words.map((phrase) => phrase.join("").length + WHITE_SPACE * phrase.length);
  const maxLength = Math.max(1, ...lengths);
  const begun = words.map((phrase) => new RegExp(`(?:${partOf(phrase)})$`));
  return {
    maxLength,
    openAt(text) {
      const from = Math.max(0, text.length - maxLength);
      const tail = foldCase(text.slice(from));
      return (
        from + begun.reduce((open, pattern) => Math.min(open, pattern.exec(tail)?.index ?? tail.length), tail.length)
      );
    },
  };
}

/** A pattern for every beginning of the phrase, the whole of it included: whether its last word ends there is still open. */
function partOf(words: readonly string[]): string {
  const steps = words.flatMap((word, index) => [
    ...(index === 0 ? [] : [`\\s{1,${WHITE_SPACE}}`]),
    ...Array.from(word, (character) => escape(character)),
  ]);
  return steps.reduceRight((rest, step) => (rest === "" ? step : `${step}(?:${rest})?`), "");
}

function wordsOf(phrase: string): readonly string[] {
  return foldCase(phrase)
    .split(/\s+/)
    .filter((word) => word !== "");
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

function compilePhrase(phrase: string): Phrase {
  const words = wordsOf(phrase);
  return { opening: words[0] ?? "", pattern: new RegExp(words.map(escape).join(`\\s{1,${WHITE_SPACE}}`), "y") };
}

function findPhrase(folded: string, { opening, pattern }: Phrase): Match[] {
  const matches: Match[] = [];
  let at = folded.indexOf(opening);
  while (at !== -1) {
    pattern.lastIndex = at;
    const length = pattern.exec(folded)?.[0].length ?? 0;
    const found = length > 0 && isEdge(folded, at) && isEdge(folded, at + length);
    if (found) matches.push({ start: at, end: at + length });
    at = folded.indexOf(opening, at + 1);
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

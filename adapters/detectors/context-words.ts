import { wordsBefore } from "./words-before";

/** The words before a place that say what a number is: a JSON key, a label, the sentence. */
export interface Surroundings {
  /** Whether one of the phrases is among the five words before; see `contextOf`. */
  has(phrases: Context): boolean;
  /** Whether the text holds nothing but what was found. */
  readonly alone: boolean;
}

/** Words and phrases, ready to be looked for. */
export interface Context {
  /** Those of one word. */
  readonly single: ReadonlySet<string>;
  /** Single words and first words of phrases; where none of them stands the phrases need not be tried. */
  readonly words: ReadonlySet<string>;
  readonly phrases: RegExp;
}

/** How much punctuation a text that is nothing but a code may have. */
export const ALONE_REST = 8;
const WITHOUT_SPACES = /[^\u0000-\u024f]/;

/**
 * What stands before `[start, end)`: what stands behind it would have to be waited for in a stream. Read when it is first
 * asked for.
 */
export function surroundingsOf(text: string, start: number, end: number): Surroundings {
  let words: readonly string[] | null = null;
  let sentence: string | null = null;
  return {
    alone: isAlone(text, start, end),
    has(context) {
      words ??= wordsBefore(text, start);
      if (words.some((word) => context.single.has(word))) return true;
      if (!words.some((word) => context.words.has(word) || WITHOUT_SPACES.test(word))) return false;
      sentence ??= ` ${words.join(" ")} `;
      return context.phrases.test(sentence);
    },
  };
}

/** Phrases in lower case separated by `|`: whole words, a plural `s` allowed; scripts without spaces anywhere. */
export function contextOf(phrases: string): Context {
  const all = phrases.split("|");
  const firsts = all.map((phrase) => phrase.split(" ", 1)[0] ?? "");
  if (firsts.some((word) => /^[0-9]/.test(word))) throw new TypeError("a phrase does not begin with a number");
  const alternatives = all.map((phrase) => (WITHOUT_SPACES.test(phrase) ? phrase : ` ${phrase}s? `));
  return {
    single: new Set(all.filter((phrase) => !/[ ]/.test(phrase)).flatMap((word) => [word, `${word}s`])),
    words: new Set(firsts.flatMap((word) => [word, `${word}s`])),
    phrases: new RegExp(alternatives.join("|"), "u"),
  };
}

/** Whether nothing but punctuation stands around `[start, end)`. */
export function isAlone(text: string, start: number, end: number): boolean {
  return text.length - (end - start) <= ALONE_REST && !/[\p{L}\p{N}]/u.test(text.slice(0, start) + text.slice(end));
}

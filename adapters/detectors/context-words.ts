import { FOREIGN, hashOfWord, MARKS, NUMBER, wordsBefore, type WordsBefore } from "./words-before";

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
  /** 1 where a word with such a hash may be one of those. */
  readonly likely: Uint8Array;
  readonly phrases: RegExp;
}

/** How much punctuation a text that is nothing but a code may have. */
export const ALONE_REST = 8;
const WITHOUT_SPACES = /[^\u0000-\u024f]/;
const LIKELY_SIZE = 4_096;

/**
 * What stands before `[start, end)`: what stands behind it would have to be waited for in a stream. Read when it is first
 * asked for.
 */
export function surroundingsOf(text: string, start: number, end: number): Surroundings {
  let words: WordsBefore | null = null;
  let sentence: string | null = null;
  return {
    alone: isAlone(text, start, end),
    has(context) {
      words ??= wordsBefore(text, start);
      const told = toldBy(text, words, context);
      if (told !== "perhaps") return told === "yes";
      sentence ??= sentenceOf(text, words);
      return context.phrases.test(sentence);
    },
  };
}

/** Whether one of the words is in the context; perhaps where one may begin a phrase. */
function toldBy(text: string, { marks }: WordsBefore, context: Context): "yes" | "no" | "perhaps" {
  let told: "no" | "perhaps" = "no";
  for (let at = 0; at < marks.length; at += MARKS) {
    const hash = marks[at + 2] ?? NUMBER;
    if (hash === NUMBER || (hash !== FOREIGN && context.likely[hash % LIKELY_SIZE] !== 1)) continue;
    const word = text.slice(marks[at], marks[at + 1]).toLowerCase();
    if (context.single.has(word)) return "yes";
    if (context.words.has(word) || WITHOUT_SPACES.test(word)) told = "perhaps";
  }
  return told;
}

/** The words in order and in lower case, each between spaces. */
function sentenceOf(text: string, { marks }: WordsBefore): string {
  let sentence = " ";
  for (let at = marks.length - MARKS; at >= 0; at -= MARKS) {
    sentence += `${text.slice(marks[at], marks[at + 1]).toLowerCase()} `;
  }
  return sentence;
}

/** Phrases in lower case separated by `|`: whole words, a plural `s` allowed; scripts without spaces anywhere. */
export function contextOf(phrases: string): Context {
  const all = phrases.split("|");
  const firsts = all.map((phrase) => phrase.split(" ", 1)[0] ?? "");
  if (firsts.some((word) => /^[0-9]/.test(word))) throw new TypeError("a phrase does not begin with a number");
  const alternatives = all.map((phrase) => (WITHOUT_SPACES.test(phrase) ? phrase : ` ${phrase}s? `));
  const words = new Set(firsts.flatMap((word) => [word, `${word}s`]));
  return {
    single: new Set(all.filter((phrase) => !/[ ]/.test(phrase)).flatMap((word) => [word, `${word}s`])),
    words,
    likely: likelyOf(words),
    phrases: new RegExp(alternatives.join("|"), "u"),
  };
}

function likelyOf(words: Iterable<string>): Uint8Array {
  const likely = new Uint8Array(LIKELY_SIZE);
  for (const word of words) likely[Math.max(0, hashOfWord(word, 0, word.length)) % LIKELY_SIZE] = 1;
  return likely;
}

/** Whether nothing but punctuation stands around `[start, end)`. */
export function isAlone(text: string, start: number, end: number): boolean {
  return text.length - (end - start) <= ALONE_REST && !/[\p{L}\p{N}]/u.test(text.slice(0, start) + text.slice(end));
}

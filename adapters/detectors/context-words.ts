/** The words before a place that say what a number is: a JSON key, a label, the sentence. */
export interface Surroundings {
  /** Whether one of the phrases is among the five words before; see `contextOf`. */
  has(phrases: Context): boolean;
  /** Whether the text holds nothing but what was found. */
  readonly alone: boolean;
}

/** Words and phrases, ready to be looked for. */
export interface Context {
  /** Single words and first words of phrases; where none of them stands the phrases need not be tried. */
  readonly words: ReadonlySet<string>;
  readonly phrases: RegExp;
}

/** How much of the text before a place is read. */
const REACH = 90;
const WORDS_BEFORE = 5;
/** How much punctuation a text that is nothing but a code may have. */
export const ALONE_REST = 8;
const WITHOUT_SPACES = /[^\u0000-\u024f]/;

/**
 * What stands before `[start, end)`: what stands behind it would have to be waited for in a stream. Read when it is first
 * asked for.
 */
export function surroundingsOf(text: string, start: number, end: number): Surroundings {
  let words: readonly string[] | null = null;
  let sentence = "";
  let spaceless = false;
  return {
    alone: isAlone(text, start, end),
    has(context) {
      if (words === null) {
        words = wordsBefore(text, start);
        sentence = ` ${words.join(" ")} `;
        spaceless = WITHOUT_SPACES.test(sentence);
      }
      if (!spaceless && !words.some((word) => context.words.has(word))) return false;
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
    words: new Set(firsts.flatMap((word) => [word, `${word}s`])),
    phrases: new RegExp(alternatives.join("|"), "u"),
  };
}

/** Whether one of the words before a place may begin a phrase; false is certain. */
export type Vocabulary = (text: string, at: number) => boolean;

/** Says of most places, without making words of what stands before them, that no phrase of these is there. */
export function vocabularyOf(contexts: Iterable<Context>): Vocabulary {
  const known = new Uint8Array(HASHES);
  for (const { words } of contexts) {
    for (const word of words) known[Math.max(0, hashBefore(word, 0, word.length))] = 1;
  }
  return (text, at) => {
    const floor = Math.max(0, at - REACH);
    let end = at;
    for (let count = 0; count < WORDS_BEFORE; count++) {
      while (end > floor && kindAt(text, end - 1) === NEITHER) end -= 1;
      if (end === floor) return false;
      const from = wordStart(text, end, floor);
      const isNumber = kindAt(text, from) === DIGIT;
      const hash = isNumber ? NUMBER : hashBefore(text, from, end);
      if (hash === FOREIGN || known[hash] === 1) return true;
      end = from;
    }
    return false;
  };
}

const HASHES = 65_536;
/** With which no phrase begins. */
const NUMBER = -2;
/** Of a word with other letters than those of ASCII. */
const FOREIGN = -1;

/** Of a word read backwards, whatever its case. */
function hashBefore(text: string, from: number, end: number): number {
  let hash = 0;
  for (let at = end - 1; at >= from; at--) {
    const code = text.charCodeAt(at);
    if (code >= 128) return FOREIGN;
    hash = (hash * 33 + (code | 32)) & (HASHES - 1);
  }
  return hash;
}

/** Whether nothing but punctuation stands around `[start, end)`. */
export function isAlone(text: string, start: number, end: number): boolean {
  return text.length - (end - start) <= ALONE_REST && !/[\p{L}\p{N}]/u.test(text.slice(0, start) + text.slice(end));
}

/** The last words before `start`, in order; read backwards, so that five words cost five words. None where all are numbers. */
function wordsBefore(text: string, start: number): readonly string[] {
  const edges: number[] = [];
  const floor = Math.max(0, start - REACH);
  let letters = false;
  let end = start;
  while (edges.length < 2 * WORDS_BEFORE) {
    while (end > floor && kindAt(text, end - 1) === NEITHER) end -= 1;
    if (end === floor) break;
    letters ||= kindAt(text, end - 1) === LETTER;
    const from = wordStart(text, end, floor);
    edges.push(end, from);
    end = from;
  }
  return letters ? wordsAt(text, edges) : [];
}

/** The words between edges that go backwards, forwards. */
function wordsAt(text: string, edges: readonly number[]): readonly string[] {
  const words: string[] = [];
  for (let at = edges.length - 1; at > 0; at -= 2) words.push(text.slice(edges[at], edges[at - 1]).toLowerCase());
  return words;
}

/** Where the run of letters or of digits begins that ends at `end`; `aB` are two words. */
function wordStart(text: string, end: number, floor: number): number {
  const kind = kindAt(text, end - 1);
  let at = end - 1;
  while (at > floor && kindAt(text, at - 1) === kind && !isHump(text, at)) at -= 1;
  return at;
}

function isHump(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const code = text.charCodeAt(at);
  return code >= 65 && code <= 90 && before >= 97 && before <= 122;
}

const NEITHER = 0;
const DIGIT = 1;
const LETTER = 2;

function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 48 && code <= 57) return DIGIT;
  if (code < 128) return (code | 32) >= 97 && (code | 32) <= 122 ? LETTER : NEITHER;
  return /[\p{L}\p{M}]/u.test(text.charAt(at)) ? LETTER : NEITHER;
}

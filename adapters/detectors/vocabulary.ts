import type { Context } from "./context-words";
import { DIGIT, kindAt, NEITHER, REACH, WORDS_BEFORE, wordStart } from "./words-before";

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

import type { Context } from "./context-words";
import { FOREIGN, HASHES, hashOfWord, NUMBER, REACH, WORDS_BEFORE, wordEnd, wordStart } from "./words-before";

/** Whether one of the words before a place may begin a phrase; false is certain. */
export type Vocabulary = (text: string, at: number) => boolean;

/** Says of most places, without making words of what stands before them, that no phrase of these is there. */
export function vocabularyOf(contexts: Iterable<Context>): Vocabulary {
  const known = new Uint8Array(HASHES);
  for (const { words } of contexts) {
    for (const word of words) known[Math.max(0, hashOfWord(word, 0, word.length))] = 1;
  }
  return (text, at) => {
    const floor = Math.max(0, at - REACH);
    let end = wordEnd(text, at, floor);
    for (let count = 0; count < WORDS_BEFORE && end > floor; count++) {
      const from = wordStart(text, end, floor);
      const hash = hashOfWord(text, from, end);
      if (hash === FOREIGN || (hash !== NUMBER && known[hash] === 1)) return true;
      end = wordEnd(text, from, floor);
    }
    return false;
  };
}

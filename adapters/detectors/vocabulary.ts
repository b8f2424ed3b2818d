import type { Context } from "./context-words";
import {
  FOREIGN,
  HASHES,
  hashOfWord,
  hashOn,
  isHump,
  kindOf,
  LETTER,
  NEITHER,
  REACH,
  WORDS_BEFORE,
} from "./words-before";

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
    let [words, hash, kind, after] = [0, 0, NEITHER, 0];
    for (let place = at - 1; place >= floor; place--) {
      const code = text.charCodeAt(place);
      const own = kindOf(code);
      if (kind !== NEITHER && (own !== kind || isHump(code, after))) {
        if (kind === LETTER && isKnown(known, hash)) return true;
        words += 1;
        if (words === WORDS_BEFORE) return false;
        hash = 0;
      }
      if (own === LETTER) hash = hashOn(hash, code);
      kind = own;
      after = code;
    }
    return kind === LETTER && isKnown(known, hash);
  };
}

function isKnown(known: Uint8Array, hash: number): boolean {
  return hash === FOREIGN || known[hash] === 1;
}

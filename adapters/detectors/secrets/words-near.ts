/** Whether a word of the list may stand in the `reach` units before a place; false is certain. Places in ascending order. */
export type WordsNear = (at: number, reach: number, list: number) => boolean;

const BITS = 5;
/** Words of three letters whole, of others the first four. */
const SHORT = 3;
const LONGER = 4;
const SHORT_MASK = (1 << (BITS * SHORT)) - 1;
const LONGER_MASK = (1 << (BITS * LONGER)) - 1;
const VALUES = new Uint8Array(128);
for (let letter = 1; letter <= 26; letter++) VALUES[letter + 64] = VALUES[letter + 96] = letter;
for (let digit = 0; digit <= 9; digit++) VALUES[digit + 48] = 27 + (digit % 5);
/** Of three letters: that they may be the first of four. Below it there is a bit for each list. */
const GOES_ON = 128;

/**
 * Says of most places in a text of random characters, without making words of what stands before them, that no word of a list
 * is there. A name may be written in several words: what stands between letters and digits is passed over.
 */
export function wordsNear(lists: readonly (readonly string[])[]): (text: string) => WordsNear {
  const { short, longer } = tablesOf(lists);
  return (text) => {
    const last = lists.map(() => -Infinity);
    let read = 0;
    let opening = 0;
    const note = (found: number): void => {
      for (let list = 0; list < last.length; list++) if ((found & (1 << list)) !== 0) last[list] = read;
    };
    return (at, reach, list) => {
      if (read < at - reach) {
        read = at - reach;
        opening = 0;
      }
      for (; read < at; read++) {
        const value = valueOf(text.charCodeAt(read));
        if (value === 0) continue;
        const goesOn = ((short[opening & SHORT_MASK] ?? 0) & GOES_ON) !== 0;
        opening = ((opening << BITS) | value) & LONGER_MASK;
        const found = (short[opening & SHORT_MASK] ?? 0) | (goesOn ? (longer[opening] ?? 0) : 0);
        if ((found & ~GOES_ON) !== 0) note(found);
      }
      return (last[list] ?? -Infinity) >= at - reach;
    };
  };
}

function tablesOf(lists: readonly (readonly string[])[]): { readonly short: Uint8Array; readonly longer: Uint8Array } {
  const short = new Uint8Array(SHORT_MASK + 1);
  const longer = new Uint8Array(LONGER_MASK + 1);
  lists.forEach((words, list) => {
    for (const word of words) {
      const opening = openingOf(word, SHORT);
      short[opening] = (short[opening] ?? 0) | (word.length === SHORT ? 1 << list : GOES_ON);
      if (word.length > SHORT) longer[openingOf(word, LONGER)] = (longer[openingOf(word, LONGER)] ?? 0) | (1 << list);
    }
  });
  return { short, longer };
}

function openingOf(word: string, length: number): number {
  let opening = 0;
  for (let at = 0; at < length; at++) opening = (opening << BITS) | valueOf(word.charCodeAt(at));
  return opening;
}

/** 0 for what is neither a letter nor a digit; small letters count as capitals, some digits as others. */
function valueOf(code: number): number {
  return code < 128 ? (VALUES[code] ?? 0) : 0;
}

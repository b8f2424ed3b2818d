/** Decimal points and commas, ranges, paths and times: what they join is part of something longer. */
const JOINTS = tableOf("-./+:,");
/** In front: of a path, an address or a currency. */
const MARKS = tableOf("/\\@+$€£");
/** How far in front a digit makes a number of the word that is joined on. */
const REACH = 13;
const PERCENT = 37;
const AT = 64;

/** Whether what begins at `start` belongs to a path, an address, an amount, or to a word with digits in front. */
export function isJoinedBefore(text: string, start: number): boolean {
  if (start === 0) return false;
  const mark = text.charCodeAt(start - 1);
  if (MARKS[mark] === 1) return true;
  if (JOINTS[mark] !== 1) return false;
  for (let at = start - 2; at >= 0 && at >= start - 1 - REACH; at--) {
    if (isDigit(text, at)) return true;
    if (!isLetter(text, at)) return false;
  }
  return false;
}

/** Whether what ends at `end` goes on behind a joint, is a percentage, or has an address behind it. */
export function isJoinedAfter(text: string, end: number): boolean {
  if (end === text.length) return false;
  const mark = text.charCodeAt(end);
  if (mark === PERCENT) return true;
  if (mark === AT) return /^\w/.test(text.charAt(end + 1));
  return JOINTS[mark] === 1 && isDigit(text, end + 1);
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function isLetter(text: string, at: number): boolean {
  const code = text.charCodeAt(at) | 32;
  return code >= 97 && code <= 122;
}

/** For every UTF-16 unit whether it is one of these. */
function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(0x1_0000);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

/** Decimal points and commas, ranges, paths and times: what they join is part of something longer. */
const JOINTS = "-./+:,";
/** In front: of a path, an address or a currency. */
const MARKS = "/\\@+$€£";
/** How far in front a digit makes a number of the word that is joined on. */
const REACH = 13;

/** Whether what begins at `start` belongs to a path, an address, an amount, or to a word with digits in front. */
export function isJoinedBefore(text: string, start: number): boolean {
  const mark = start === 0 ? " " : text.charAt(start - 1);
  if (MARKS.includes(mark)) return true;
  if (!JOINTS.includes(mark)) return false;
  for (let at = start - 2; at >= 0 && at >= start - 1 - REACH; at--) {
    if (isDigit(text, at)) return true;
    if (!isLetter(text, at)) return false;
  }
  return false;
}

/** Whether what ends at `end` goes on behind a joint, is a percentage, or has an address behind it. */
export function isJoinedAfter(text: string, end: number): boolean {
  if (end === text.length) return false;
  const mark = text.charAt(end);
  if (mark === "%") return true;
  if (mark === "@") return /^\w/.test(text.charAt(end + 1));
  return JOINTS.includes(mark) && isDigit(text, end + 1);
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function isLetter(text: string, at: number): boolean {
  const code = text.charCodeAt(at) | 32;
  return code >= 97 && code <= 122;
}

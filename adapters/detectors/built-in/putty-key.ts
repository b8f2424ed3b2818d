/** A range of a text. */
interface Range {
  readonly start: number;
  readonly end: number;
}

const HEAD = "PuTTY-User-Key-File-";
/** An RSA key of 16,384 bits has some 13,000 characters in both halves together. */
const LIMIT = 16_384;
/** A line break, what a line is indented by, and the name of a field. */
const LONGEST_BEGINNING = 64;

/** One field in its line, or lines of base64; versions 1 to 3 of the format, encrypted or not, line breaks escaped or not. */
const BREAK = /(?:\r\n?|\n|(?:\\r)?\\n)[ \t>|*#]{0,16}/y;
const FIELD =
  /(?:Encryption|Comment|Public-Lines|Private-Lines|Key-Derivation|Argon2-(?:Memory|Passes|Parallelism|Salt)): ?[^\r\n\\]{0,1024}/y;
const BASE64 = /[A-Za-z0-9+/]{1,128}={0,2}(?=[ \t]{0,16}(?:[\r\n"']|\\(?:[rn]|$)|$))/y;
const VERSION = /PuTTY-User-Key-File-[0-9]: ?[A-Za-z0-9@.-]{1,64}/y;
const FOOT = /Private-(?:MAC|Hash): ?[0-9A-Fa-f]{1,128}/y;
const PRIVATE = /Private-Lines: ?[1-9]/;

/** Private keys as PuTTY keeps them in files (`.ppk`), also where their end is missing. */
export function puttyKeysIn(text: string): readonly Range[] {
  const keys: Range[] = [];
  for (let start = text.indexOf(HEAD); start !== -1;) {
    const end = endOfKey(text, start);
    if (PRIVATE.test(text.slice(start, end))) keys.push({ start, end });
    start = text.indexOf(HEAD, Math.max(end, start + HEAD.length));
  }
  return keys;
}

/** Where a key begins that may go on behind the text; the text's length where none does. */
export function openPuttyKeyAt(text: string): number {
  for (let start = text.indexOf(HEAD); start !== -1; start = text.indexOf(HEAD, start + HEAD.length)) {
    if (text.length - endOfKey(text, start) <= LONGEST_BEGINNING && text.length - start < LIMIT) return start;
  }
  for (let length = HEAD.length - 1; length > 0; length--) {
    if (text.endsWith(HEAD.slice(0, length))) return text.length - length;
  }
  return text.length;
}

/** Behind the last line that belongs to the key whose head is at `start`. */
function endOfKey(text: string, start: number): number {
  let end = endOf(VERSION, text, start);
  while (end < start + LIMIT) {
    const line = endOf(BREAK, text, end);
    if (line === end) break;
    const foot = endOf(FOOT, text, line);
    if (foot !== line) return foot;
    const next = [FIELD, BASE64].map((part) => endOf(part, text, line)).find((one) => one !== line);
    if (next === undefined) break;
    end = next;
  }
  return end;
}

/** Where the pattern's match at `at` ends; `at` where it does not match. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

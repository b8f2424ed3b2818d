/** Characters of keys. `=` pads base64 and is inside some keys, and it also assigns. */
const IN_VALUE = tableOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+/.~=");
const EQUALS = 61;
export const SHORTEST_VALUE = 8;
export const LONGEST_VALUE = 1_600;
/** `a=b=VALUE`: how many signs are tried as the one that assigns. */
const MOST_SIGNS = 3;
/** `API_KEY=`: a name in front of a sign that assigns. */
const NAMED = /[A-Za-z_][A-Za-z_.-]{2,40}=/y;

/**
 * Calls `visit` for every run of a key's characters whose length a key may have, and for what stands behind each `=` in it
 * until `visit` says true. Runs of letters alone, which words are, only where a quote, `=` or `>` stands before them.
 */
export function valueRuns(text: string, visit: (start: number, end: number) => boolean): void {
  let start = -1;
  let digits = 0;
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 0;
    if (code < 128 && IN_VALUE[code] === 1) {
      if (start === -1) start = at;
      if (code >= 48 && code <= 57) digits += 1;
      continue;
    }
    if (start !== -1 && at - start >= SHORTEST_VALUE) visitParts(text, start, at, digits > 0, visit);
    start = -1;
    digits = 0;
  }
}

function visitParts(
  text: string,
  start: number,
  end: number,
  hasDigits: boolean,
  visit: (start: number, end: number) => boolean,
): void {
  let from = start;
  for (let signs = 0; signs <= MOST_SIGNS && end - from >= SHORTEST_VALUE; signs++) {
    const sign = signIn(text, from, end);
    const named = sign !== -1 && isNamed(text, from);
    const likely = end - from <= LONGEST_VALUE && (hasDigits || isOpened(text.charCodeAt(from - 1)));
    if (likely && !named && visit(from, end)) return;
    // Between quotes there is one value.
    if (sign === -1 || (!named && isQuote(text.charCodeAt(from - 1)))) return;
    from = sign + 1;
    while (text.charCodeAt(from) === EQUALS) from += 1;
  }
}

/** Where the first `=` is that has something behind it; -1 for none. */
function signIn(text: string, from: number, end: number): number {
  for (let at = from; at < end - 1; at++) if (text.charCodeAt(at) === EQUALS) return at;
  return -1;
}

function isNamed(text: string, from: number): boolean {
  NAMED.lastIndex = from;
  return NAMED.test(text) && IN_VALUE[text.charCodeAt(NAMED.lastIndex)] === 1;
}

function isOpened(before: number): boolean {
  return isQuote(before) || before === EQUALS || before === 62;
}

function isQuote(code: number): boolean {
  return code === 34 || code === 39 || code === 96;
}

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

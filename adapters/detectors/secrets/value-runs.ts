/** Characters of keys, without the `=` that ends base64 and also assigns. */
const IN_VALUE = tableOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+/.~");
const SHORTEST = 10;
const LONGEST = 512;
const EDGE = /[-.~_+/]/;

/**
 * Calls `visit` for every run of a key's characters whose length a key may have, with the `=` that pads it. Runs of letters
 * alone, which words are, only where a quote or `=` stands before them.
 */
export function valueRuns(text: string, visit: (start: number, end: number) => void): void {
  let start = -1;
  let digits = 0;
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 0;
    if (code < 128 && IN_VALUE[code] === 1) {
      if (start === -1) start = at;
      if (code >= 48 && code <= 57) digits += 1;
      continue;
    }
    const likely = at - start >= SHORTEST && at - start <= LONGEST && start !== -1;
    if (likely && (digits > 0 || isOpened(text.charCodeAt(start - 1)))) visit(start, paddedEnd(text, at));
    start = -1;
    digits = 0;
  }
}

function isOpened(before: number): boolean {
  return before === 34 || before === 39 || before === 96 || before === 61 || before === 62;
}

/** A full stop at the end of a sentence is none of the value. */
function paddedEnd(text: string, at: number): number {
  let end = at;
  while (EDGE.test(text.charAt(end - 1))) end -= 1;
  if (end !== at) return end;
  while (text.charAt(end) === "=" && end - at < 2) end += 1;
  return end;
}

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

/**
 * The words of identifiers and prose, in lower case and in order: `X-ApiKey` gives `x`, `api`, `key`. Read from the end, and no
 * more than the last `most`.
 */
export function wordsOf(text: string, most = Infinity): readonly string[] {
  const words: string[] = [];
  let end = text.length;
  while (words.length < most) {
    while (end > 0 && kindAt(text, end - 1) === NEITHER) end -= 1;
    if (end === 0) break;
    const start = wordStart(text, end);
    words.push(text.slice(start, end).toLowerCase());
    end = start;
  }
  return words.reverse();
}

const NEITHER = 0;
const DIGIT = 1;
const SMALL = 2;
const CAPITAL = 3;
const KINDS = new Uint8Array(128).fill(DIGIT, 48, 58).fill(CAPITAL, 65, 91).fill(SMALL, 97, 123);

function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? (KINDS[code] ?? NEITHER) : NEITHER;
}

/** Where the run of one kind begins that ends at `end`; a capital belongs to the small letters behind it. */
function wordStart(text: string, end: number): number {
  const kind = kindAt(text, end - 1);
  let at = end - 1;
  while (at > 0 && kindAt(text, at - 1) === kind) at -= 1;
  return kind === SMALL && at > 0 && kindAt(text, at - 1) === CAPITAL ? at - 1 : at;
}

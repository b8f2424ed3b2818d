/** How much of the text before a place is read. */
export const REACH = 90;
export const WORDS_BEFORE = 5;

/** The last words before `start`, in order; read backwards, so that five words cost five words. None where all are numbers. */
export function wordsBefore(text: string, start: number): readonly string[] {
  const edges: number[] = [];
  const floor = Math.max(0, start - REACH);
  let letters = false;
  let end = start;
  while (edges.length < 2 * WORDS_BEFORE) {
    while (end > floor && kindAt(text, end - 1) === NEITHER) end -= 1;
    if (end === floor) break;
    letters ||= kindAt(text, end - 1) === LETTER;
    const from = wordStart(text, end, floor);
    edges.push(end, from);
    end = from;
  }
  return letters ? wordsAt(text, edges) : [];
}

/** The words between edges that go backwards, forwards. */
function wordsAt(text: string, edges: readonly number[]): readonly string[] {
  const words: string[] = [];
  for (let at = edges.length - 1; at > 0; at -= 2) words.push(text.slice(edges[at], edges[at - 1]).toLowerCase());
  return words;
}

/** Where the run of letters or of digits begins that ends at `end`; `aB` are two words. */
export function wordStart(text: string, end: number, floor: number): number {
  const kind = kindAt(text, end - 1);
  let at = end - 1;
  while (at > floor && kindAt(text, at - 1) === kind && !isHump(text, at)) at -= 1;
  return at;
}

function isHump(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const code = text.charCodeAt(at);
  return code >= 65 && code <= 90 && before >= 97 && before <= 122;
}

export const NEITHER = 0;
export const DIGIT = 1;
const LETTER = 2;

export function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 48 && code <= 57) return DIGIT;
  if (code < 128) return (code | 32) >= 97 && (code | 32) <= 122 ? LETTER : NEITHER;
  return /[\p{L}\p{M}]/u.test(text.charAt(at)) ? LETTER : NEITHER;
}

/** What stands behind a backslash in JSON, and in most languages that people write programs in. */
const SHORT: ReadonlyMap<string, string> = new Map([
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);
const ESCAPE = /\\(?:u[0-9A-Fa-f]{4}|["\\/bfnrt])/y;
const INCOMPLETE = /\\(?:u[0-9A-Fa-f]{0,3})?$/;
const LONGEST = 6;

const WHITE_SPACE = /[bfnrt]/;
/** What may stand behind an escape without being mistaken for something that the escape is a part of. */
const APART = /[\s"'`\\]/;

/** What `\n`, `\/` or `\u0040` stands for, or backslashes that are escaped one by one. */
export function unescaped(written: string): string {
  const short = written.charAt(1);
  if (short === "\\") return written.slice(0, written.length / 2);
  return short === "u" ? String.fromCharCode(parseInt(written.slice(2), 16)) : (SHORT.get(short) ?? short);
}

/**
 * Whether what stands around an escape could be read otherwise once it is decoded. White space apart from other words, and
 * quotes, which detectors know by themselves, would only have the text read twice. True of escapes of any other kind.
 */
export function hidesSomething(source: string, at: number, written: string): boolean {
  const [backslash, letter = ""] = written;
  if (backslash !== "\\") return true;
  const next = source.charAt(at + written.length);
  if (letter === "\\") return next === "" || /[\\bfnrtu/"]/.test(next);
  if (WHITE_SPACE.test(letter)) return !APART.test(next) || /[0-9]/.test(source.charAt(at - 1));
  return letter !== '"';
}

/** The escape that begins at `at`; empty where none does. */
export function escapeAt(source: string, at: number): string {
  ESCAPE.lastIndex = at;
  return ESCAPE.exec(source)?.[0] ?? "";
}

/** The length of the escape that the text breaks off in; 0 where it does not. */
export function incompleteEscape(source: string): number {
  const { length } = INCOMPLETE.exec(source.slice(-LONGEST))?.[0] ?? "";
  return length > 0 && opensEscape(source, source.length - length) ? length : 0;
}

/** `at`, or where the escape begins that it would cut in two. */
export function beforeEscape(source: string, at: number): number {
  const backslash = lastBackslash(source, at);
  const cut = backslash !== -1 && backslash + escapeAt(source, backslash).length > at;
  return cut && opensEscape(source, backslash) ? backslash : at;
}

/**
 * `[start, end)` without the parts of escapes at its edges, which are none of what was found: the `n` of `\nbob@acme.test`.
 * An escape may be escaped itself, so that any number of backslashes counts before the start. Null where nothing is left.
 */
export function wholeEscapes(
  source: string,
  start: number,
  end: number,
): { readonly start: number; readonly end: number } | null {
  const backslash = lastBackslash(source, start);
  const from = backslash === -1 ? start : Math.max(start, backslash + escapeAt(source, backslash).length);
  const until = beforeEscape(source, end);
  return from < until ? { start: from, end: until } : null;
}

/** The last backslash that an escape around `at` could begin with; -1 where there is none. */
function lastBackslash(source: string, at: number): number {
  const floor = Math.max(0, at - LONGEST + 1);
  const found = source.slice(floor, at).lastIndexOf("\\");
  return found === -1 ? -1 : floor + found;
}

/** Whether the backslash at `at` is not itself escaped. */
function opensEscape(source: string, at: number): boolean {
  let first = at;
  while (first > 0 && source[first - 1] === "\\") first -= 1;
  return (at - first) % 2 === 0;
}

/** What is longer is not read: 96 kB. */
export const LONGEST_RUN = 131_072;
/** Eleven characters, the shortest identifiers, make no less in base64. */
export const SHORTEST_RUN = 14;
/** Encoders break lines at 64 (PEM), 76 (MIME) or any other width. */
const SHORTEST_LINE = 8;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const BREAK = /\r?\n[ \t]{0,16}/y;

export interface Run {
  readonly start: number;
  readonly end: number;
}

const IN_RUN = new Uint8Array(128);
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_") {
  IN_RUN[character.charCodeAt(0)] = 1;
}

/** Maximal runs of the alphabets' characters of base64 and hexadecimal digits, lines of one width joined, padding taken in. */
export function runsOf(source: string, shortest = SHORTEST_RUN): readonly Run[] {
  const runs: Run[] = [];
  const step = Math.min(shortest, SHORTEST_LINE);
  let floor = 0;
  // A line of that length has a character at one of these places.
  for (let at = step - 1; at < source.length; at += step) {
    if (!isInRun(source, at)) continue;
    let start = at;
    while (start > floor && isInRun(source, start - 1)) start -= 1;
    const end = runEnd(source, start, lineEnd(source, at + 1));
    if (end - start >= shortest) runs.push({ start, end });
    floor = end;
    at = end;
  }
  return runs;
}

/** Where the run begins that goes through `at`, in one line; `at` where none does. */
export function runStartAt(source: string, at: number): number {
  const floor = Math.max(0, at - LONGEST_RUN);
  let start = at;
  while (start > floor && isInRun(source, start - 1)) start -= 1;
  return isInRun(source, at) ? start : at;
}

/** Where the run ends that goes through `at`, broken lines joined; `at` where none does. */
export function runEndAt(source: string, at: number): number {
  if (!isInRun(source, at - 1)) return at;
  const limit = Math.min(source.length, at + LONGEST_RUN);
  let end = at;
  let line = runStartAt(source, at - 1);
  while (end < limit) {
    end = Math.min(limit, lineEnd(source, end));
    const next = breakEnd(source, end);
    if (next === end || end - line < SHORTEST_LINE || (next < source.length && !isInRun(source, next))) break;
    line = next;
    end = Math.min(next, limit);
  }
  return end;
}

/** Without the line break, and what the next line would be indented by, in which a growing text ends. */
export function withoutBreak(source: string): string {
  return source.replace(/\r?\n?[ \t]{0,16}$/, (ending) => (/[\r\n]/.test(ending) ? "" : ending));
}

/** A shorter line is the last one, a longer one belongs to something else. */
function runEnd(source: string, start: number, firstEnd: number): number {
  let end = firstEnd;
  const width = end - start;
  for (let line = start; width >= SHORTEST_LINE && end - line === width;) {
    line = breakEnd(source, end);
    const next = line === end ? line : lineEnd(source, line, width + 1);
    if (next === line || next - line > width) break;
    end = next;
  }
  return paddedEnd(source, end);
}

/** `end`, or behind the padding of base64 that stands there. */
export function paddedEnd(source: string, end: number): number {
  if (source[end] !== "=") return end;
  return source[end + 1] === "=" ? end + 2 : end + 1;
}

/** Where the characters of a run end that are in the line from `from` on; `most` are looked at. */
function lineEnd(source: string, from: number, most = Infinity): number {
  let end = from;
  while (end - from < most && isInRun(source, end)) end += 1;
  return end;
}

/** Behind the line break and the indentation at `at`; `at` where no line ends. */
function breakEnd(source: string, at: number): number {
  const code = source.charCodeAt(at);
  if (code !== LINE_FEED && code !== CARRIAGE_RETURN) return at;
  BREAK.lastIndex = at;
  return at + (BREAK.exec(source)?.[0].length ?? 0);
}

function isInRun(source: string, at: number): boolean {
  return IN_RUN[source.charCodeAt(at)] === 1;
}

import { paddedEnd, runEndAt, runStartAt } from "./runs";

/** A part of a text that is read a second time. */
export interface Window {
  readonly start: number;
  readonly end: number;
  /** The source's own places of what it is read for, ascending. */
  readonly places: readonly RegExpExecArray[];
}

/** What stands around a place and may belong to a match, in UTF-16 units to each side. */
const REACH = 128;
/** Words are not cut in two: the longest that matter, with room. */
const LONGEST_WORD = 2_048;
const SPACE = /\s/;
/** What stands behind a match may tell whether it ends there. */
const BEHIND = 32;

/** Places near each other, or in one word, are read together; no word around them and nothing encoded is cut in two. */
export function windowsAround(source: string, places: Iterable<RegExpExecArray>): readonly Window[] {
  const groups: RegExpExecArray[][] = [];
  let last = -Infinity;
  for (const place of places) {
    if (isApart(source, last, place.index)) groups.push([]);
    groups.at(-1)?.push(place);
    last = place.index + place[0].length;
  }
  return groups.map((group) => {
    const final = group.at(-1);
    const from = Math.max(0, (group[0]?.index ?? 0) - REACH);
    const until = Math.min(source.length, (final?.index ?? 0) + (final?.[0].length ?? 0) + REACH);
    return { ...around(source, from, until), places: group };
  });
}

/** Whether a match in the window's text, of this length, may begin before the window, or not end where it seems to end. */
export function isCut(source: string, window: Window, length: number, start: number, end: number): boolean {
  return (window.start > 0 && start === 0) || (window.end < source.length && end > length - BEHIND);
}

function isApart(source: string, end: number, start: number): boolean {
  if (start - end <= 2 * REACH) return false;
  return start - end > 2 * LONGEST_WORD || SPACE.test(source.slice(end, start));
}

/** One character more than the words and runs, so that one which reaches to the edge is not taken for cut off there. */
function around(source: string, from: number, until: number): Pick<Window, "start" | "end"> {
  const start = Math.min(runStartAt(source, from), wordStart(source, from));
  const end = Math.max(paddedEnd(source, runEndAt(source, until)), wordEnd(source, until));
  return { start: Math.max(0, start - 1), end: Math.min(source.length, end + BEHIND) };
}

function wordStart(source: string, at: number): number {
  const floor = Math.max(0, at - LONGEST_WORD);
  let start = at;
  while (start > floor && !SPACE.test(source.charAt(start - 1))) start -= 1;
  return start;
}

function wordEnd(source: string, at: number): number {
  const space = source.slice(at, at + LONGEST_WORD).search(SPACE);
  return space === -1 ? Math.min(source.length, at + LONGEST_WORD) : at + space;
}

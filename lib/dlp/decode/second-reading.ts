import { createOffsetMap } from "../offset-map";
import type { View } from "./view";
import { isCut, windowsAround, type Window } from "./windows";

/**
 * Superscript and circled digits are digits or point to a footnote; blank letters and line separators part words or fill them.
 * The text itself is read as if they stood apart; here it is read as if they belonged to what is around them.
 */
export function secondReadings(source: string): readonly View[] {
  return windowsOf(source).map((window) => {
    const { text, toSource } = readWindow(source, window);
    const first = (window.places[0]?.index ?? 0) - window.start;
    return {
      text,
      place(start, end) {
        // What ends before the first of them is read in the text itself, with all that stands before it.
        if (end <= first || isCut(source, window, text.length, start, end)) return null;
        return { start: toSource(start), end: toSource(end) };
      },
    };
  });
}

/** The end of a growing text as `secondReadings` would have it; null where it holds nothing of the kind. */
export function openSecondReading(
  source: string,
): { readonly text: string; readonly toSource: (offset: number) => number } | null {
  const window = windowsOf(source).at(-1);
  return window?.end === source.length ? readWindow(source, window) : null;
}

/** Where digits from nought or from one begin: superscript, subscript, in circles and brackets, behind full stops. */
const NOUGHTS = [0x2070, 0x2080];
const ONES = [0x2460, 0x2474, 0x2488, 0x24f5, 0x2776, 0x2780, 0x278a];
const SINGLE: readonly (readonly [code: number, digit: string])[] = [[0xb9, "1"], [0xb2, "2"], [0xb3, "3"], [0x24ea, "0"], [0x24ff, "0"]]; // prettier-ignore
const FILLERS = [0x115f, 0x1160, 0x17b4, 0x17b5, 0x2028, 0x2029, 0x2800, 0x3164, 0xffa0];

const READ_AS = new Map<string, string>([
  ...NOUGHTS.flatMap((nought) => [0, 4, 5, 6, 7, 8, 9].map((digit) => entry(nought + digit, String(digit)))),
  ...[1, 2, 3].map((digit) => entry(0x2080 + digit, String(digit))),
  ...ONES.flatMap((one) => [1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => entry(one + digit - 1, String(digit)))),
  ...SINGLE.map(([code, digit]) => entry(code, digit)),
  ...FILLERS.map((code) => entry(code, "")),
]);
const NOT_ASCII = /[^\0-\x7f]/;
const AMBIGUOUS = new RegExp(`[${[...READ_AS.keys()].join("")}]`);
const ALL_AMBIGUOUS = new RegExp(AMBIGUOUS, "g");

function entry(code: number, readAs: string): [string, string] {
  return [String.fromCharCode(code), readAs];
}

function windowsOf(source: string): readonly Window[] {
  if (!NOT_ASCII.test(source) || !AMBIGUOUS.test(source)) return [];
  return windowsAround(source, source.matchAll(ALL_AMBIGUOUS));
}

function readWindow(source: string, { start, end }: Window) {
  const offsets = createOffsetMap();
  offsets.mark(0, start);
  const parts: string[] = [];
  let length = 0;
  let from = start;
  for (const { index } of source.slice(start, end).matchAll(ALL_AMBIGUOUS)) {
    const at = start + index;
    const readAs = READ_AS.get(source.charAt(at)) ?? "";
    parts.push(source.slice(from, at), readAs);
    length += at - from + readAs.length;
    from = at + 1;
    if (readAs === "") offsets.mark(length, from);
  }
  parts.push(source.slice(from, end));
  return { text: parts.join(""), toSource: offsets.toSource };
}

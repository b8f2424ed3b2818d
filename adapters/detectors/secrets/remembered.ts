/** Reads the place from `start` to `end` of a text, of which it sees no more than was agreed. */
export type ReadPlace<Verdict> = (text: string, start: number, end: number) => Verdict;

const LONGEST = 200;
const MOST = 2_048;

/**
 * The same reader for one text, which remembers what places that look alike came to: texts that repeat a line a hundred
 * thousand times would take a hundred times as long as others. `read` sees `left` units before a place and `right` behind it.
 */
export function remembered<Verdict>(read: ReadPlace<Verdict>, left: number, right: number): ReadPlace<Verdict> {
  const known = new Map<string, Verdict>();
  return (text, start, end) => {
    if (start < left || end + right > text.length || end - start > LONGEST) return read(text, start, end);
    const place = text.slice(start - left, end + right);
    const before = known.get(place);
    if (before !== undefined) return before;
    const verdict = read(text, start, end);
    if (known.size === MOST) known.clear();
    known.set(place, verdict);
    return verdict;
  };
}

/** `text` takes the place of `[start, end)`. Offsets are UTF-16, of the text before any replacement. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text as detectors read it, and how what they find in it is replaced in the original. */
export interface ReadableText {
  readonly text: string;
  /** The replacements in the original that put `placeholder` in place of `text[start, end)`; ascending. */
  replace(start: number, end: number, placeholder: string): readonly Replacement[];
}

/** A text that is read as it is. */
export function readPlainText(text: string): ReadableText {
  return Object.freeze({
    text,
    replace: (start: number, end: number, placeholder: string) => [{ start, end, text: placeholder }],
  });
}

/** A piece of a longer text, as it arrived. */
export interface Segment {
  readonly start: number;
  readonly end: number;
}

/** What stands where something was found. Nothing is ever found again in it (see `isPlaceholder`). */
export function placeholderOf(entity: string): string {
  return `[${entity}]`;
}

/** Names of entities and rules are shorter. */
const LONGEST_NAME = 256;

/**
 * Whether `[start, end)` lies inside a placeholder of one of these entities: chats send their history back, so what was
 * redacted in one turn is read again in the next.
 */
export function isPlaceholder(text: string, start: number, end: number, entities: ReadonlySet<string>): boolean {
  const from = Math.max(0, start - LONGEST_NAME);
  const before = text.slice(from, start + 1);
  for (let open = before.lastIndexOf("["); open !== -1; open = before.lastIndexOf("[", open - 1)) {
    const name = text.slice(from + open + 1, from + open + 1 + LONGEST_NAME);
    const length = name.indexOf("]", end - from - open - 2);
    if (length !== -1 && entities.has(name.slice(0, length))) return true;
    if (open === 0) break;
  }
  return false;
}

/**
 * Cuts a text's replacements down to its segments: the replacement stands in the segment where the match begins, the rest
 * of the match is cut from those that follow. Gives the new text of every segment that changes, by its index.
 */
export function rewriteSegments(
  text: string,
  segments: readonly Segment[],
  replacements: readonly Replacement[],
): ReadonlyMap<number, string> {
  const ordered = [...replacements].sort((one, other) => one.start - other.start);
  const rewritten = new Map<number, string>();
  let next = 0;
  segments.forEach((segment, index) => {
    const touching: Replacement[] = [];
    while (next < ordered.length) {
      const replacement = ordered[next];
      if (replacement === undefined || replacement.start >= segment.end) break;
      if (replacement.end > segment.start) touching.push(clip(replacement, segment));
      if (replacement.end > segment.end) break;
      next += 1;
    }
    if (touching.length > 0) rewritten.set(index, applyReplacements(text, segment, touching));
  });
  return rewritten;
}

function clip(replacement: Replacement, segment: Segment): Replacement {
  const beginsHere = replacement.start >= segment.start;
  return {
    start: Math.max(replacement.start, segment.start),
    end: Math.min(replacement.end, segment.end),
    text: beginsHere ? replacement.text : "",
  };
}

function applyReplacements(text: string, segment: Segment, replacements: readonly Replacement[]): string {
  const parts: string[] = [];
  let from = segment.start;
  for (const replacement of replacements) {
    if (replacement.start < from) continue;
    parts.push(text.slice(from, replacement.start), replacement.text);
    from = replacement.end;
  }
  parts.push(text.slice(from, segment.end));
  return parts.join("");
}

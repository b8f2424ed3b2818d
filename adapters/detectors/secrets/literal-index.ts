/**
 * Calls `visit` for every place where one of the literals stands, in ascending order; at one place for the longest alone, and
 * of a literal that is one character over and over for the first place in a row.
 */
export type LiteralSearch = (text: string, visit: (literal: string, at: number) => void) => void;

/** Three characters, five bits of each. */
const MASK = 0x7fff;

/**
 * Prepares one pass over a text for any number of literals of three characters and more: a rolling number made of the last
 * three characters says at once that no literal begins here. With 900 literals this took a third of the time of one compiled
 * alternation.
 */
export function literalSearch(literals: Iterable<string>): LiteralSearch {
  const begins = new Uint8Array(MASK + 1);
  const buckets: (Bucket | undefined)[] = new Array<undefined>(MASK + 1).fill(undefined);
  for (const literal of [...new Set(literals)].sort(longestFirst)) {
    const opening = openingOf(literal);
    const bucket = (buckets[opening] ??= Array.from({ length: SLOTS }, () => []));
    begins[opening] = 1;
    for (const slot of slotsOf(literal)) bucket[slot]?.push({ literal, uniform: isUniform(literal) });
  }
  return (text, visit) => {
    let opening = 0;
    for (let at = 0; at < text.length; at++) {
      opening = ((opening << 5) | (text.charCodeAt(at) & 31)) & MASK;
      if (begins[opening] !== 1) continue;
      const literal = firstAt(text, at - 2, buckets[opening]?.[slotAt(text, at + 1)]);
      if (literal !== undefined) visit(literal, at - 2);
    }
  };
}

/** Literals that begin alike, by five bits of their fourth character; those that have three under all. */
type Bucket = readonly Sought[][];

const SLOTS = 32;

function slotsOf(literal: string): readonly number[] {
  return literal.length > 3 ? [slotAt(literal, 3)] : Array.from({ length: SLOTS }, (_, slot) => slot);
}

function slotAt(text: string, at: number): number {
  return at < text.length ? text.charCodeAt(at) & (SLOTS - 1) : 0;
}

interface Sought {
  readonly literal: string;
  /** Whether it is one character over and over. */
  readonly uniform: boolean;
}

function isUniform(literal: string): boolean {
  return [...literal].every((character) => character === literal.charAt(0));
}

function firstAt(text: string, at: number, candidates: readonly Sought[] | undefined): string | undefined {
  if (candidates === undefined) return undefined;
  for (const { literal, uniform } of candidates) {
    if (uniform && text.charCodeAt(at - 1) === literal.charCodeAt(0)) continue;
    if (stands(literal, text, at)) return literal;
  }
  return undefined;
}

/** Compared here: a call of `startsWith` takes longer than what it does. */
function stands(literal: string, text: string, at: number): boolean {
  for (let place = 0; place < literal.length; place++) {
    if (literal.charCodeAt(place) !== text.charCodeAt(at + place)) return false;
  }
  return true;
}

function openingOf(literal: string): number {
  if (literal.length < 3) throw new TypeError("a literal has three characters or more");
  return ((literal.charCodeAt(0) & 31) << 10) | ((literal.charCodeAt(1) & 31) << 5) | (literal.charCodeAt(2) & 31);
}

function longestFirst(one: string, other: string): number {
  return other.length - one.length;
}

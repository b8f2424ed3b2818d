import { runEndAt } from "./decode/runs";

/** A part of a text that is read on its own: the core, and what lies around it. */
export interface Slice {
  readonly text: string;
  /** Where `text` begins in the whole. */
  readonly offset: number;
  /** The part of the whole that this slice answers for. */
  readonly coreStart: number;
  readonly coreEnd: number;
}

const CORE = 65_536;
/** Enough to see that a match does not begin earlier. */
const LEFT = 1_024;
/** The longest match that is found whole wherever it begins: a private key. */
const RIGHT = 20_480;

/**
 * Cuts a long text so that one step of one detector stays short. Cores are adjacent and cover the text. Each slice is cut when
 * it is asked for: finding its end takes long where something encoded goes through it.
 */
export function* slicesOf(text: string): Generator<Slice, void, undefined> {
  if (text.length <= CORE + RIGHT) {
    yield { text, offset: 0, coreStart: 0, coreEnd: text.length };
    return;
  }
  for (let coreStart = 0; coreStart < text.length; coreStart += CORE) {
    const offset = Math.max(0, coreStart - LEFT);
    const coreEnd = Math.min(text.length, coreStart + CORE);
    // What is encoded is read whole or not at all.
    const end = Math.max(coreEnd + RIGHT, runEndAt(text, coreEnd));
    yield { text: text.slice(offset, end), offset, coreStart, coreEnd };
  }
}

/**
 * Whether the slice answers for a match at these offsets of the whole. One that touches the slice's own left edge may have
 * begun before it, and belongs to the slice before.
 */
export function answersFor(slice: Slice, start: number, end: number): boolean {
  const cutOff = start === slice.offset && slice.offset > 0;
  return !cutOff && start < slice.coreEnd && end > slice.coreStart;
}

import { RE2JS } from "re2js";
import { ConfigurationError } from "../../../lib/denial";
import type { Match, Search } from "../custom-rules";
import type { Pacer } from "./pacer";

/** Instructions of the compiled pattern: what one character of text costs at worst. */
const PROGRAM_LIMIT = 2_000;
const PATTERN_LIMIT = 1_000;

/** A text is read in windows, so that one step of the engine stays short; a match up to a window's end gets a larger one. */
const WINDOW = 16_384;
/** What the engine sees at least of the text behind the start of a match. */
const LOOK_AHEAD = 4_096;
/** What a window shows of the text before it, for `\b`. */
const LOOK_BEHIND = 16;

/**
 * Compiles an operator's pattern for an engine whose time is linear in the text. Throws a ConfigurationError that says what
 * is wrong: not valid (look-around and back-references are not), too large, or matching the empty text.
 */
export function compileRegex(pattern: string): RE2JS {
  if (pattern.length > PATTERN_LIMIT) throw invalid(pattern, `is longer than ${PATTERN_LIMIT} characters`);
  const compiled = compileLinear(pattern);
  if (compiled.programSize() > PROGRAM_LIMIT) throw invalid(pattern, "is too large; use smaller repeat counts");
  if (compiled.matcher("").find()) throw invalid(pattern, "matches the empty text; require at least one character");
  return compiled;
}

function compileLinear(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw invalid(pattern, `is not valid (RE2 syntax, no look-around or back-references): ${why}`);
  }
}

function invalid(pattern: string, why: string): ConfigurationError {
  const shown = pattern.length > 80 ? `${pattern.slice(0, 80)}…` : pattern;
  return new ConfigurationError("invalid_regex", `The pattern ${JSON.stringify(shown)} ${why}.`);
}

export function regexSearch(pattern: string): Search {
  const compiled = compileRegex(pattern);
  return async (text, pacer) => {
    const matches: Match[] = [];
    let next = { from: 0, size: WINDOW };
    while (next.from < text.length) {
      next = await searchWindow(compiled, openWindow(text, next.from, next.size), pacer, matches);
    }
    return matches;
  };
}

interface Window {
  readonly text: string;
  /** Where the window begins and ends in the whole. */
  readonly start: number;
  readonly end: number;
  /** Where matches may begin: from `from`, below `handOver`. */
  readonly from: number;
  readonly handOver: number;
  readonly isLast: boolean;
}

function openWindow(text: string, from: number, size: number): Window {
  const start = Math.max(0, from - LOOK_BEHIND);
  const end = Math.min(text.length, from + size);
  const isLast = end === text.length;
  return { text: text.slice(start, end), start, end, from, handOver: isLast ? end : end - LOOK_AHEAD, isLast };
}

/** Adds the window's matches to `matches`; says where the next window begins, and how large it is. */
async function searchWindow(
  compiled: RE2JS,
  window: Window,
  pacer: Pacer,
  matches: Match[],
): Promise<{ readonly from: number; readonly size: number }> {
  const matcher = compiled.matcher(window.text);
  let at = window.from;
  while (at < window.handOver && matcher.find(at - window.start)) {
    const start = window.start + matcher.start();
    const end = window.start + matcher.end();
    if (start >= window.handOver) break;
    if (end === window.end && !window.isLast) return { from: start, size: 2 * window.text.length };
    if (end > start) matches.push({ start, end });
    at = Math.max(end, start + 1);
    if (pacer.isDue()) await pacer.rest();
  }
  if (pacer.isDue()) await pacer.rest();
  return { from: Math.max(at, window.handOver), size: WINDOW };
}

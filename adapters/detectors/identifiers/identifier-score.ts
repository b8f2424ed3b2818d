import type { Context, Surroundings } from "../context-words";
import type { IdentifierRule } from "./identifier-rule";

/** What a shape says about the place where it stands. */
export interface Claim {
  readonly rule: IdentifierRule;
  /** What the shape is worth with nothing else to go by. */
  readonly score: number;
  readonly context: Context;
}

export interface ClaimedPlace {
  readonly around: Surroundings;
  /** Letters and digits alone, in upper case. */
  code(): string;
}

/** What a context word adds, and the least that it gives; among equals the rarer shape wins. */
const CONTEXT_GAIN = 0.45;
const CONTEXT_LEAST = 0.65;
/** A text of nothing but a code answers a question for it, when its shape is rare enough or its check digit is right. */
const ALONE_GAIN = 0.2;
const ALONE_LEAST = 0.5;
const RARE_SHAPE = 0.3;
const TIE_BREAK = 0.1;
/** What another kind's label takes away: who writes "ACN" before a number does not mean a SIN. */
const OTHER_NAME_LOSS = 0.15;
/** Separators that differ, or that break lines. */
const IRREGULAR_LOSS = 0.25;
/** Of codes that differ in one digit a check digit refuses nearly all; ranges and dates refuse some. */
const MOST_NEIGHBOURS = 0.3;

/**
 * How sure it is that the code is what the rule says, 1 at most; whether it passes the rule's check is for the caller.
 * `named` tells whether the words before it name this kind, or another that looks the same.
 */
export function identifierScore(
  { rule, score }: Claim,
  place: ClaimedPlace,
  regular: boolean,
  named: "this" | "other" | "none",
): number {
  const base = score - (regular ? 0 : IRREGULAR_LOSS);
  if (named === "other") return base - OTHER_NAME_LOSS;
  if (named === "this") return Math.min(1, Math.max(base + CONTEXT_GAIN, CONTEXT_LEAST + base * TIE_BREAK));
  if (!place.around.alone || !regular) return base;
  const raised = base >= RARE_SHAPE ? base + ALONE_GAIN : base;
  return provesItself(rule.check, place.code()) ? Math.max(raised, ALONE_LEAST + base * TIE_BREAK) : raised;
}

function provesItself(check: IdentifierRule["check"], code: string): boolean {
  if (check === undefined) return false;
  const neighbours = [...code].flatMap((digit, at) => (/\d/.test(digit) ? otherDigits(code, at) : []));
  return neighbours.filter(check).length <= MOST_NEIGHBOURS * neighbours.length;
}

/** The nine codes that differ from this one in the digit at `at`. */
function otherDigits(code: string, at: number): readonly string[] {
  const digit = Number(code.charAt(at));
  return Array.from(
    { length: 9 },
    (_, step) => code.slice(0, at) + String((digit + step + 1) % 10) + code.slice(at + 1),
  );
}

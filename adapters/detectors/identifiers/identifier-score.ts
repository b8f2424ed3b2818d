import type { Context } from "../context-words";
import type { IdentifierRule } from "./identifier-rule";

/** What a shape says about the place where it stands. */
export interface Claim {
  readonly rule: IdentifierRule;
  /** What the shape is worth with nothing else to go by. */
  readonly score: number;
  readonly context: Context;
}

/** What the place says about the claim. */
export interface Evidence {
  /** Letters and digits alone, in upper case. */
  readonly code: string;
  /** Whether the separators are all alike. */
  readonly regular: boolean;
  /** Whether the text holds nothing but the code. */
  readonly alone: boolean;
  /** Whether the words before it name this kind, or another that looks the same. */
  readonly named: "this" | "other" | "none";
}

/** Below this there is nothing worth telling. */
export const LEAST_SCORE = 0.45;

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

/** How sure it is that the code is what the rule says, 1 at most; whether it passes the rule's check is for the caller. */
export function identifierScore({ rule, score }: Claim, { code, regular, alone, named }: Evidence): number {
  const base = worthOf(score, regular);
  if (named === "other") return base - OTHER_NAME_LOSS;
  if (named === "this") return Math.min(1, Math.max(base + CONTEXT_GAIN, CONTEXT_LEAST + base * TIE_BREAK));
  if (!alone || !regular) return base;
  const raised = base >= RARE_SHAPE ? base + ALONE_GAIN : base;
  return provesItself(rule.check, code) ? Math.max(raised, ALONE_LEAST + base * TIE_BREAK) : raised;
}

/** A score less what irregular writing takes away. */
export function worthOf(score: number, regular: boolean): number {
  return regular ? score : score - IRREGULAR_LOSS;
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

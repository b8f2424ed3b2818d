import type { DigitGroup } from "./digit-clusters";
import type { PhoneCandidate } from "./phone-score";

/** Part of a longer number, a word, an amount or a path. */
const JOINED_BEFORE = /[0-9][-.,:/_]?$|[A-Za-z][-.,/_]?$|[$€£#=&_]$|\d[ ]\($/;

/** What a number begins with. */
export interface Opening extends Pick<PhoneCandidate, "start" | "plus" | "bracket"> {
  /** Whether a digit and a space stand before it, and nothing that tells it from them. */
  readonly inList: boolean;
}

/** Null where the first group is a part of something longer. */
export function openingAt(text: string, first: DigitGroup | undefined): Opening | null {
  if (first === undefined) return null;
  const lead = isLead(text.charCodeAt(first.start - 1)) ? leadBefore(text, first.start) : "";
  const start = first.start - lead.length;
  if (JOINED_BEFORE.test(text.slice(Math.max(0, start - 3), start))) return null;
  const inList = lead === "" && /\d $/.test(text.slice(Math.max(0, start - 2), start));
  return { start, plus: lead.includes("+"), bracket: lead.includes("("), inList };
}

/** A plus sign, a bracket or a space. */
function isLead(code: number): boolean {
  return code === 43 || code === 40 || code === 32;
}

function leadBefore(text: string, at: number): string {
  return /(?:\+ ?\(?|\(\+?)$/.exec(text.slice(Math.max(0, at - 3), at))?.[0] ?? "";
}

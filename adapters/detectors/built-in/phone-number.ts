import type { Detector, Finding } from "../../../lib/ports/detector";
import { digitClusters, separatorsOf, type DigitGroup } from "./digit-clusters";
import { openingAt, type Opening } from "./phone-opening";
import { LEAST_DIGITS, phoneEvidence, type PhoneCandidate } from "./phone-score";

const ENTITY = "PHONE_NUMBER";
const MOST_DIGITS = 15;
const WIDEST_GAP = 5;
const CLUSTERS = { separators: separatorsOf(" .-/\n()"), widestGap: WIDEST_GAP, leastDigits: LEAST_DIGITS };
/** In a list of numbers the first few places are tried. */
const MOST_TRIES = 6;
const MAX_LENGTH = 80;
const BEGUN =
  /(?:\+ ?\(?|\(\+?|\d)(?:[ .\-/\n()]{0,5}\d){0,40}[ .,:;\-/\n()]{0,5}(?:e|ex|ext|exte|exten|extens|extensi|extensio|extension|x|#)?[ .:]{0,2}\d{0,6}$/i;
const MOST_GROUPS = 7;
const GAP = /^(?:[ .\-/\n]|\)? ?[-.]? ?|\) ?| ?\(| ?- ?| ?\(0\) ?|\(0\)|\)-)$/;
const EXTENSION = /^[ ,;]{0,2}(?:x|ext\.?|extension|#)[ .:]{0,2}\d{1,6}(?!\w)/i;
/** Part of a longer number, a word, an amount or a path. */
const JOINED_AFTER = /^(?:[A-Za-z0-9_%]|[-.,:/]\d)/;
/** Telephone numbers that a numbering plan allows: international ones, and national ones as they are written or announced. */
export function phoneNumberDetector(): Detector {
  return Object.freeze({
    name: "phone-number",
    entities: Object.freeze([ENTITY]),
    maxLength: MAX_LENGTH,
    detect,
    openAt,
  });
}

/** Digits and what stands between them, as long as more of them may follow; an extension included. */
function openAt(text: string): number {
  const from = Math.max(0, text.length - MAX_LENGTH);
  // Until a letter comes, a number may be all that there is.
  if (text.length <= MAX_LENGTH && !/\p{L}/u.test(text)) return Math.max(0, text.search(/[+(\d]|$/));
  const begun = BEGUN.exec(text.slice(from));
  return begun === null ? text.length : from + begun.index;
}

function detect(text: string): readonly Finding[] {
  return digitClusters(text, CLUSTERS).flatMap((groups) => numbersIn(text, groups));
}

function numbersIn(text: string, groups: readonly DigitGroup[]): readonly Finding[] {
  const findings: Finding[] = [];
  let tries = 0;
  for (let first = 0; first < groups.length;) {
    if (!isJoined(groups, first)) tries = 0;
    const found = tries < MOST_TRIES && hasEnough(groups, first) ? longestAt(text, groups, first) : null;
    tries += 1;
    if (found !== null) findings.push(found.finding);
    first += found?.groups ?? 1;
  }
  return findings;
}

/** Whether a group stands so near to the one before that both may be of one number, or of one list of numbers. */
function isJoined(groups: readonly DigitGroup[], at: number): boolean {
  const gap = (groups[at]?.start ?? 0) - (groups[at - 1]?.end ?? -Infinity);
  return gap <= 1;
}

function longestAt(
  text: string,
  groups: readonly DigitGroup[],
  first: number,
): { readonly finding: Finding; readonly groups: number } | null {
  const opening = openingAt(text, groups[first]);
  if (opening === null) return null;
  for (let count = groupsFrom(text, groups, first); count > 0; count--) {
    const candidate = candidateOf(text, opening, groups.slice(first, first + count));
    const evidence = candidate === null ? null : phoneEvidence(text, candidate);
    if (candidate === null || evidence === null) continue;
    const end = candidate.end + (EXTENSION.exec(text.slice(candidate.end, candidate.end + 16))?.[0].length ?? 0);
    return { finding: { entity: ENTITY, rule: ENTITY, start: candidate.start, end, ...evidence }, groups: count };
  }
  return null;
}

/** Whether digits stand near enough together for a number, before anything between them is read. */
function hasEnough(groups: readonly DigitGroup[], first: number): boolean {
  let digits = 0;
  let end = groups[first]?.start ?? 0;
  for (let at = first; at < first + MOST_GROUPS; at++) {
    const group = groups[at];
    if (group === undefined || group.start - end > WIDEST_GAP) return false;
    digits += group.end - group.start;
    end = group.end;
    if (digits >= LEAST_DIGITS) return at > first || digits <= MOST_DIGITS;
  }
  return false;
}

/** How many groups may belong together. */
function groupsFrom(text: string, groups: readonly DigitGroup[], first: number): number {
  let digits = 0;
  for (let count = 0; ; count++) {
    const group = groups[first + count];
    const before = groups[first + count - 1];
    if (group === undefined || count === MOST_GROUPS) return count;
    digits += group.end - group.start;
    if (digits > MOST_DIGITS) return count;
    const gap =
      count === 0 || before === undefined ? "-" : text.slice(before.end, Math.min(group.start, before.end + 6));
    if (!GAP.test(gap)) return count;
  }
}

function candidateOf(text: string, opening: Opening, groups: readonly DigitGroup[]): PhoneCandidate | null {
  const { start, plus, bracket, inList } = opening;
  const end = groups.at(-1)?.end ?? start;
  const number = text.slice(start, end);
  // In a list of numbers the first could be one; what follows it, only with separators of its own.
  if ((inList && number.includes(" ")) || isJoinedAfter(text, end)) return null;
  const trunkInside = groups.length > 1 && number.slice((groups[0]?.start ?? start) - start).includes("(0)");
  let digits = "";
  let shape = "";
  for (const group of groups) {
    const written = text.slice(group.start, group.end);
    shape += shape === "" ? String(written.length) : `-${String(written.length)}`;
    if (!trunkInside || written !== "0") digits += written;
  }
  return { start, end, digits, shape, plus, bracket };
}

function isJoinedAfter(text: string, end: number): boolean {
  const after = text.slice(end, end + 16);
  return JOINED_AFTER.test(after) && !EXTENSION.test(after);
}

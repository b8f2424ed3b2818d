import type { Detector, Finding } from "../../../lib/ports/detector";
import { eachDigitCluster, separatorsOf, type DigitGroup } from "./digit-clusters";
import { extensionLength, isJoinedAfter } from "./phone-ending";
import { openingAt, type Opening } from "./phone-opening";
import { LEAST_DIGITS, phoneEvidence, SHAPE_BASE, type PhoneCandidate } from "./phone-score";

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
/** Of two characters and more; one that separates is one that may stand between two groups. */
const GAP = /^(?:\)? ?[-.]? ?| \()$/;
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
  const findings: Finding[] = [];
  eachDigitCluster(text, CLUSTERS, (groups) => {
    addNumbersIn(text, groups, findings);
  });
  return findings;
}

function addNumbersIn(text: string, groups: readonly DigitGroup[], findings: Finding[]): void {
  let tries = 0;
  for (let first = 0; first < groups.length;) {
    if (!isJoined(groups, first)) tries = 0;
    const found = tries < MOST_TRIES && hasEnough(groups, first) ? longestAt(text, groups, first) : null;
    tries += 1;
    if (found !== null) findings.push(found.finding);
    first += found?.groups ?? 1;
  }
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
  const group = groups[first];
  const opening = group === undefined ? null : openingAt(text, group);
  if (opening === null) return null;
  for (let count = groupsFrom(text, groups, first); count > 0; count--) {
    const candidate = candidateOf(text, opening, groups, first, count);
    const evidence = candidate === null ? null : phoneEvidence(text, candidate);
    if (candidate === null || evidence === null) continue;
    const { start, end } = candidate;
    const { score, context } = evidence;
    const found = { entity: ENTITY, rule: ENTITY, start, end: end + extensionLength(text, end), score, context };
    return { finding: found, groups: count };
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
    if (count > 0 && before !== undefined && !isGap(text, before.end, group.start)) return count;
  }
}

function isGap(text: string, start: number, end: number): boolean {
  return end - start === 1 || GAP.test(text.slice(start, end));
}

function candidateOf(
  text: string,
  { start, plus, bracket, inList }: Opening,
  groups: readonly DigitGroup[],
  first: number,
  count: number,
): PhoneCandidate | null {
  const from = groups[first]?.start ?? start;
  const end = groups[first + count - 1]?.end ?? start;
  // In a list of numbers the first could be one; what follows it, only with separators of its own.
  if ((inList && text.slice(start, end).includes(" ")) || isJoinedAfter(text, end)) return null;
  const trunkInside = count > 1 && text.slice(from, end).includes("(0)");
  let digits = "";
  let shape = 0;
  for (let at = first; at < first + count; at++) {
    const group = groups[at];
    if (group === undefined) continue;
    const written = text.slice(group.start, group.end);
    shape = shape * SHAPE_BASE + written.length;
    if (!trunkInside || written !== "0") digits += written;
  }
  return { start, end, digits, shape, plus, bracket };
}

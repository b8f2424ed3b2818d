import { partitionPoint } from "./partition-point";
import type { DlpAction } from "./policy";
import { strictestAction } from "./strictest";

/** Something found, with what the policy says about it. */
export interface Candidate {
  readonly entity: string;
  readonly rule: string;
  readonly action: DlpAction;
  readonly secret: boolean;
  /** UTF-16 offsets into the text that was read, end exclusive. */
  readonly start: number;
  readonly end: number;
  readonly score: number;
}

/**
 * Gives every piece of text one owner. Findings that overlap become one that covers them all, so that no end of a loser is
 * delivered; it is named after the strictest, then a credential, then the longest, then the surest. What only reports never widens what is
 * rewritten, and gives way to it.
 */
export function resolveFindings(candidates: readonly Candidate[]): readonly Candidate[] {
  const intervening = merge(candidates.filter((candidate) => candidate.action !== "report"));
  const reported = merge(candidates.filter((candidate) => candidate.action === "report"));
  const free = reported.filter((candidate) => !overlapsAny(intervening, candidate));
  return [...intervening, ...free].sort(byPlace);
}

function byPlace(one: Candidate, other: Candidate): number {
  return one.start - other.start || one.end - other.end;
}

/** Ascending and disjoint. */
function merge(candidates: readonly Candidate[]): Candidate[] {
  const merged: Candidate[] = [];
  let owner: Candidate | null = null;
  for (const candidate of [...candidates].sort(byPlace)) {
    const last = merged.at(-1);
    if (last === undefined || owner === null || candidate.start >= last.end) {
      merged.push(candidate);
      owner = candidate;
      continue;
    }
    owner = stronger(candidate, owner);
    merged[merged.length - 1] = { ...owner, start: last.start, end: Math.max(last.end, candidate.end) };
  }
  return merged;
}

function stronger(one: Candidate, other: Candidate): Candidate {
  if (one.action !== other.action) return strictestAction(one.action, other.action) === one.action ? one : other;
  if (one.secret !== other.secret) return one.secret ? one : other;
  const longer = one.end - one.start - (other.end - other.start);
  return longer > 0 || (longer === 0 && one.score > other.score) ? one : other;
}

function overlapsAny(ascending: readonly Candidate[], candidate: Candidate): boolean {
  const next = ascending[partitionPoint(ascending.length, (index) => (ascending[index]?.end ?? 0) > candidate.start)];
  return next !== undefined && next.start < candidate.end;
}

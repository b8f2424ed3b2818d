import type { Detector, Finding } from "../ports/detector";
import type { View } from "./decode/view";
import { MINIMUM_SCORE } from "./minimum-score";
import { partitionPoint } from "./partition-point";
import { answersFor, slicesOf, type Slice } from "./slices";
import { placeholderOf } from "./redact";
import { resolveFindings, type Candidate } from "./resolve-findings";
import { viewsOf } from "./views";

/** A finding as people read it. It holds nothing of what was found, nor of what else was found around it. */
export interface ScanFinding extends Omit<Finding, "context"> {
  /** Both from 1; the column in UTF-16 units. */
  readonly line: number;
  readonly column: number;
  /** What surrounds the finding on its lines, findings masked: `mail [EMAIL_ADDRESS] today`. */
  readonly context: string;
}

const CONTEXT = 40;

export interface ScanOptions {
  /** What scores less is left out. Default 0.5. */
  readonly minScore?: number;
  readonly signal?: AbortSignal;
}

/** What the detectors find in a text, outside any policy, in order of place, each piece of text with one owner. */
export async function scanText(
  text: string,
  detectors: readonly Detector[],
  options: ScanOptions = {},
): Promise<readonly ScanFinding[]> {
  return describe(text, await findOwners(text, detectors, options));
}

/** The same without line, column and context: for many texts. */
export async function findOwners(
  text: string,
  detectors: readonly Detector[],
  { minScore = MINIMUM_SCORE, signal = new AbortController().signal }: ScanOptions = {},
): Promise<readonly Finding[]> {
  const found: (readonly Candidate[])[] = [];
  for (const slice of slicesOf(text)) {
    for (const view of viewsOf(slice.text)) {
      for (const detector of view.text === "" ? [] : detectors) {
        const findings = (await detector.detect(view.text, signal)).filter(({ score }) => score >= minScore);
        found.push(findings.flatMap((finding) => placedIn(slice, view, finding, detector)));
      }
    }
  }
  return resolveFindings(found.flat()).map(({ entity, rule, start, end, score }) => ({
    entity,
    rule,
    start,
    end,
    score,
  }));
}

function placedIn(slice: Slice, view: View, finding: Finding, detector: Detector): readonly Candidate[] {
  const place = view.place(finding.start, finding.end);
  if (place === null) return [];
  const start = slice.offset + place.start;
  const end = slice.offset + place.end;
  return answersFor(slice, start, end) ? [candidateOf(detector, finding, start, end)] : [];
}

function candidateOf(detector: Detector, finding: Finding, start: number, end: number): Candidate {
  const { entity, rule, score } = finding;
  return { entity, rule, score, start, end, action: "redact", secret: detector.secrets?.includes(entity) ?? false };
}

function describe(text: string, owners: readonly Finding[]): readonly ScanFinding[] {
  const lineStarts = [0, ...Array.from(text.matchAll(/\r\n?|\n/g), (end) => end.index + end[0].length)];
  return owners.map(({ entity, rule, start, end, score }, at) => {
    const line = partitionPoint(lineStarts.length, (index) => (lineStarts[index] ?? 0) > start);
    const column = start - (lineStarts[line - 1] ?? 0) + 1;
    return Object.freeze({ entity, rule, start, end, score, line, column, context: contextOf(text, owners, at) });
  });
}

/** Up to forty characters on each side, less what belongs to a neighbouring finding or line. */
function contextOf(text: string, owners: readonly Finding[], at: number): string {
  const owner = owners[at];
  if (owner === undefined) return "";
  const from = Math.max(owner.start - CONTEXT, owners[at - 1]?.end ?? 0);
  const until = Math.min(owner.end + CONTEXT, owners[at + 1]?.start ?? text.length);
  const before = /[^\r\n]*$/.exec(text.slice(from, owner.start))?.[0] ?? "";
  const after = /^[^\r\n]*/.exec(text.slice(owner.end, until))?.[0] ?? "";
  return `${before}${placeholderOf(owner.entity)}${after}`;
}

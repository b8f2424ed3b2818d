import type { Detector, Finding } from "../ports/detector";
import type { Budget } from "./budget";
import type { EffectivePolicy } from "./engine";
import type { FindingMemory } from "./finding-memory";
import { judgeFindings, type DemandedFinding } from "./judge-findings";
import type { ReadAhead } from "./read-ahead";
import { isPlaceholder } from "./redact";
import type { Candidate } from "./resolve-findings";
import { searchedText } from "./searched-text";
import { answersFor, slicesOf, type Slice } from "./slices";

/** With what texts are searched. */
export interface Search {
  readonly policy: EffectivePolicy;
  readonly detectors: readonly Detector[];
  readonly budget: Budget;
  /** Absent where texts do not come again, as in streams. */
  readonly memory?: FindingMemory;
  /** What was asked for all texts at once. */
  readonly ahead?: ReadAhead;
}

/** Everything that the policy's detectors and rules find in one text, in any order, overlaps included. */
export async function findCandidates(text: string, search: Search): Promise<readonly Candidate[]> {
  const { policy, budget } = search;
  const names = new Set([...policy.demands.keys(), ...policy.custom.map((rule) => rule.name)]);
  const candidates: Candidate[] = [];
  const holdsPlaceholders = text.includes("[");
  for (const slice of text === "" ? [] : slicesOf(text)) {
    // A slice that comes again is remembered, and no detector is asked.
    await budget.rest();
    for (const candidate of await searchSlice(slice, search)) {
      if (holdsPlaceholders && isPlaceholder(text, candidate.start, candidate.end, names)) continue;
      candidates.push(candidate);
    }
  }
  return candidates;
}

async function searchSlice(slice: Slice, search: Search): Promise<readonly Candidate[]> {
  const { policy, detectors } = search;
  const searched = searchedText(slice.text, search);
  const found: DemandedFinding[] = [];
  for (const detector of detectors) {
    if (!detector.entities.some((entity) => policy.demands.has(entity))) continue;
    for (const finding of await searched.findings(detector, false)) {
      const demands = policy.demands.get(finding.entity);
      if (demands !== undefined) found.push({ finding, demands, secret: isSecret(finding, detector) });
    }
  }
  for (const { name, demands, detector } of policy.custom) {
    const findings = await searched.findings(detector, true);
    found.push(...findings.map((finding) => ({ finding: { ...finding, entity: name }, demands, secret: false })));
  }
  return placed(await judgeFindings(slice.text, found, searched.phrases), slice);
}

function isSecret({ entity }: Finding, { secrets }: Detector): boolean {
  return secrets?.includes(entity) ?? false;
}

/** In the whole text; what another slice answers for is left to it. */
function placed(candidates: readonly Candidate[], slice: Slice): readonly Candidate[] {
  const { offset } = slice;
  const own = candidates.filter(({ start, end }) => answersFor(slice, offset + start, offset + end));
  if (offset === 0) return own;
  return own.map((candidate) => ({ ...candidate, start: offset + candidate.start, end: offset + candidate.end }));
}

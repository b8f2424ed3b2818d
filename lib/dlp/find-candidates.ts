import type { Detector, Finding } from "../ports/detector";
import type { Budget } from "./budget";
import type { EffectivePolicy } from "./engine";
import type { FindingMemory } from "./finding-memory";
import { judgeFindings, type DemandedFinding } from "./judge-findings";
import { normalize, type NormalizedText } from "./normalize";
import { isPlaceholder } from "./redact";
import type { Candidate } from "./resolve-findings";
import { answersFor, slicesOf, type Slice } from "./slices";

/** With what texts are searched. */
export interface Search {
  readonly policy: EffectivePolicy;
  readonly detectors: readonly Detector[];
  readonly budget: Budget;
  /** Absent where texts do not come again, as in streams. */
  readonly memory?: FindingMemory;
}

/** Everything that the policy's detectors and rules find in one text, in any order, overlaps included. */
export async function findCandidates(text: string, search: Search): Promise<readonly Candidate[]> {
  const { policy } = search;
  const names = new Set([...policy.demands.keys(), ...policy.custom.map((rule) => rule.name)]);
  const candidates: Candidate[] = [];
  for (const slice of text === "" ? [] : slicesOf(text)) {
    for (const candidate of await searchSlice(slice, search)) {
      if (!isPlaceholder(text, candidate.start, candidate.end, names)) candidates.push(candidate);
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
  return placed(await judgeFindings(slice.text, found, (phrases) => searched.findings(phrases, true)), slice);
}

function isSecret({ entity }: Finding, { secrets }: Detector): boolean {
  return secrets?.includes(entity) ?? false;
}

/** One text under search; what is known of it is not searched for again. */
interface SearchedText {
  /** Offsets are of the text as it was written. `asWritten`: search that, too, and not only what it stands for. */
  findings(detector: Detector, asWritten: boolean): Promise<readonly Finding[]>;
}

function searchedText(text: string, { budget, memory }: Search): SearchedText {
  const known = memory?.of(text);
  let normal: NormalizedText | null = null;
  return {
    async findings(detector, asWritten) {
      const before = known?.get(detector);
      if (before !== undefined) return before;
      normal ??= normalize(text);
      const { toSource } = normal;
      const found = (await budget.run(detector, normal.text)).map((finding) => inSource(finding, toSource));
      // An operator's rule is written with the text in mind as people see it.
      const twice = asWritten && normal.text !== text ? await budget.run(detector, text) : [];
      const findings = [...found, ...twice];
      known?.set(detector, findings);
      return findings;
    },
  };
}

function inSource({ start, end, ...finding }: Finding, toSource: NormalizedText["toSource"]): Finding {
  const { entity, rule, score, context } = finding;
  const told = context === undefined ? null : { context };
  return { entity, rule, score, start: toSource(start), end: toSource(end), ...told };
}

/** In the whole text; what another slice answers for is left to it. */
function placed(candidates: readonly Candidate[], slice: Slice): readonly Candidate[] {
  return candidates
    .map((candidate) => ({ ...candidate, start: slice.offset + candidate.start, end: slice.offset + candidate.end }))
    .filter(({ start, end }) => answersFor(slice, start, end));
}

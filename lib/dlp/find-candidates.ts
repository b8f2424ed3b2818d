import type { Detector, Finding } from "../ports/detector";
import type { Budget } from "./budget";
import type { EffectivePolicy } from "./engine";
import type { FindingMemory } from "./finding-memory";
import { MINIMUM_SCORE } from "./minimum-score";
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
  const names = new Set([...policy.actions.keys(), ...policy.custom.map((rule) => rule.name)]);
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
  const found: (readonly Candidate[])[] = [];
  for (const detector of detectors) {
    if (!detector.entities.some((entity) => policy.actions.has(entity))) continue;
    const findings = await searched.findings(detector, false);
    found.push(findings.flatMap((finding) => judge(finding, policy, detector, slice)));
  }
  for (const { name, action, detector } of policy.custom) {
    const findings = await searched.findings(detector, true);
    found.push(findings.flatMap((finding) => place(finding, { entity: name, action, secret: false }, slice)));
  }
  return found.flat();
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

function inSource(finding: Finding, toSource: NormalizedText["toSource"]): Finding {
  const { entity, rule, score } = finding;
  return { entity, rule, score, start: toSource(finding.start), end: toSource(finding.end) };
}

function judge(finding: Finding, policy: EffectivePolicy, detector: Detector, slice: Slice): readonly Candidate[] {
  const { entity, score } = finding;
  const action = policy.actions.get(entity);
  if (action === undefined || score < MINIMUM_SCORE) return [];
  return place(finding, { entity, action, secret: detector.secrets?.includes(entity) ?? false }, slice);
}

function place(
  finding: Finding,
  owner: Pick<Candidate, "entity" | "action" | "secret">,
  slice: Slice,
): readonly Candidate[] {
  const start = slice.offset + finding.start;
  const end = slice.offset + finding.end;
  return answersFor(slice, start, end) ? [{ ...owner, rule: finding.rule, score: finding.score, start, end }] : [];
}

import type { Detector, Finding } from "../ports/detector";
import type { Budget } from "./budget";
import type { CompiledRule, EffectivePolicy } from "./engine";
import { normalize, type NormalizedText } from "./normalize";
import type { DlpAction } from "./policy";
import { isPlaceholder } from "./redact";
import type { Candidate } from "./resolve-findings";
import { answersFor, slicesOf, type Slice } from "./slices";

/** Everything that the policy's detectors and rules find in one text, in any order, overlaps included. */
export async function findCandidates(
  text: string,
  policy: EffectivePolicy,
  detectors: readonly Detector[],
  budget: Budget,
): Promise<readonly Candidate[]> {
  const relevant = detectors.filter((detector) => detector.entities.some((entity) => policy.actions.has(entity)));
  const names = new Set([...policy.actions.keys(), ...policy.custom.map((rule) => rule.name)]);
  const candidates: Candidate[] = [];
  for (const slice of text === "" ? [] : slicesOf(text)) {
    for (const candidate of await searchSlice(slice, policy, relevant, budget)) {
      if (!isPlaceholder(text, candidate.start, candidate.end, names)) candidates.push(candidate);
    }
  }
  return candidates;
}

async function searchSlice(
  slice: Slice,
  policy: EffectivePolicy,
  detectors: readonly Detector[],
  budget: Budget,
): Promise<readonly Candidate[]> {
  const normal = normalize(slice.text);
  const found: (readonly Candidate[])[] = [];
  for (const detector of detectors) {
    const findings = await budget.run(detector, normal.text);
    found.push(findings.flatMap((finding) => judge(finding, policy, detector, slice, normal)));
  }
  for (const rule of policy.custom) found.push(await searchRule(rule, slice, normal, budget));
  return found.flat();
}

function judge(
  finding: Finding,
  policy: EffectivePolicy,
  detector: Detector,
  slice: Slice,
  normal: NormalizedText,
): readonly Candidate[] {
  const action = policy.actions.get(finding.entity);
  if (action === undefined) return [];
  const secret = detector.secrets?.includes(finding.entity) ?? false;
  return place(finding, { entity: finding.entity, action, secret }, slice, normal.toSource);
}

/** An operator's rule is written with the text in mind as people see it: it is tried on that and on what it stands for. */
async function searchRule(
  rule: CompiledRule,
  slice: Slice,
  normal: NormalizedText,
  budget: Budget,
): Promise<readonly Candidate[]> {
  const owner = { entity: rule.name, action: rule.action, secret: false };
  const found = await budget.run(rule.detector, normal.text);
  const candidates = found.flatMap((finding) => place(finding, owner, slice, normal.toSource));
  if (normal.text === slice.text) return candidates;
  const asWritten = await budget.run(rule.detector, slice.text);
  return [...candidates, ...asWritten.flatMap((finding) => place(finding, owner, slice, (offset) => offset))];
}

function place(
  finding: Finding,
  owner: { readonly entity: string; readonly action: DlpAction; readonly secret: boolean },
  slice: Slice,
  toSource: (offset: number) => number,
): readonly Candidate[] {
  const start = slice.offset + toSource(finding.start);
  const end = slice.offset + toSource(finding.end);
  return answersFor(slice, start, end) ? [{ ...owner, rule: finding.rule, score: finding.score, start, end }] : [];
}

import type { DlpOutcome, DlpReport } from "../audit/record";
import type { AnswerSpan, OpaquePart } from "../ports/protocol";
import type { Edit, EffectivePolicy, LocatedFinding } from "./engine";

export interface InspectionFacts {
  readonly policy: EffectivePolicy;
  readonly spans: readonly AnswerSpan[];
  readonly opaque: readonly OpaquePart[];
  readonly edits: readonly Edit[];
  readonly findings: readonly LocatedFinding[];
  readonly redacted: number;
  readonly tokenized: number;
  readonly notRewritten: number;
  readonly blocked: boolean;
}

/** What may pass unread unless the operator says otherwise: blocking it would end common use. */
const PASSES_BY_DEFAULT: ReadonlySet<OpaquePart["kind"]> = new Set(["image", "encrypted_reasoning", "encoded_text"]);

/** The first part that cannot be read and must therefore stop the call; null when none must. */
export function uninspected(opaque: readonly OpaquePart[], policy: EffectivePolicy): OpaquePart | null {
  if (policy.uninspectable === "allow" || !policy.intervenes) return null;
  if (policy.uninspectable === "block") return opaque[0] ?? null;
  return opaque.find((part) => !PASSES_BY_DEFAULT.has(part.kind)) ?? null;
}

/** What the audit trail says: counts and kinds, never text. */
export function reportOf(facts: InspectionFacts): DlpReport {
  const total = facts.spans.reduce((sum, span) => sum + span.text.length, 0);
  return Object.freeze({
    outcome: outcomeOf({ ...facts, findings: facts.findings.length, opaque: facts.opaque.length }),
    findings: Object.freeze(countByEntity(facts.findings)),
    scanned: facts.policy.active ? total : 0,
    delivered: facts.blocked ? 0 : total + growth(facts.spans, facts.edits),
    notScanned: Object.freeze([...new Set(facts.opaque.map((part) => part.kind))]),
    notRewritten: facts.notRewritten,
  });
}

function growth(spans: readonly AnswerSpan[], edits: readonly Edit[]): number {
  return edits.reduce((sum, edit) => sum + edit.text.length - (spans[edit.index]?.text.length ?? 0), 0);
}

export interface OutcomeFacts {
  readonly policy: EffectivePolicy;
  readonly blocked: boolean;
  /** How many there were of each. */
  readonly redacted: number;
  readonly tokenized: number;
  readonly findings: number;
  readonly opaque: number;
}

/** The strongest thing that happened. */
export function outcomeOf(facts: OutcomeFacts): DlpOutcome {
  if (!facts.policy.active) return "off";
  if (facts.blocked) return "blocked";
  if (facts.redacted > 0) return "redacted";
  if (facts.tokenized > 0) return "tokenized";
  if (facts.findings > 0) return "reported";
  return facts.opaque > 0 ? "notScanned" : "clean";
}

function countByEntity(findings: readonly LocatedFinding[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { entity } of findings) counts.set(entity, (counts.get(entity) ?? 0) + 1);
  return Object.fromEntries(counts);
}

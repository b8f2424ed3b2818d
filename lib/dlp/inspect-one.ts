import type { JsonPath } from "../json";
import type { Detector } from "../ports/detector";
import type { Budget } from "./budget";
import type { Edit, EffectivePolicy, LocatedFinding } from "./engine";
import { findCandidates } from "./find-candidates";
import type { GatheredText, TextPiece } from "./gather-texts";
import { readJsonText } from "./json-text";
import { partitionPoint } from "./partition-point";
import { placeholderOf, readPlainText, rewriteSegments, type Replacement } from "./redact";
import { resolveFindings, type Candidate } from "./resolve-findings";

/** What one text holds and becomes. */
export interface TextInspection {
  readonly findings: readonly LocatedFinding[];
  readonly edits: readonly Edit[];
  readonly notRewritten: number;
  /** The first finding that stops the call. */
  readonly blocked: { readonly by: string; readonly at: JsonPath } | null;
}

/** A finding with what it means for the pieces that it touches. */
interface Verdict {
  readonly finding: LocatedFinding;
  readonly replacements: readonly Replacement[];
  readonly path: JsonPath;
  readonly fate: "blocks" | "rewritten" | "notRewritten" | "reported";
}

export async function inspectOne(
  gathered: GatheredText,
  policy: EffectivePolicy,
  detectors: readonly Detector[],
  budget: Budget,
): Promise<TextInspection> {
  const readable = gathered.json ? readJsonText(gathered.text) : readPlainText(gathered.text);
  const candidates = await findCandidates(readable.text, policy, detectors, budget);
  const verdicts = resolveFindings(candidates).flatMap((candidate) => {
    const replacements = readable.replace(candidate.start, candidate.end, placeholderOf(candidate.entity));
    return judge(candidate, replacements, gathered.pieces, policy);
  });
  const blocking = verdicts.find((verdict) => verdict.fate === "blocks");
  return {
    findings: verdicts.map((verdict) => verdict.finding),
    edits: editsOf(gathered, verdicts),
    notRewritten: verdicts.filter((verdict) => verdict.fate === "notRewritten").length,
    blocked: blocking === undefined ? null : { by: blocking.finding.entity, at: blocking.path },
  };
}

/** One verdict, or none for what matched only what stands between two strings of a JSON text. */
function judge(
  candidate: Candidate,
  replacements: readonly Replacement[],
  pieces: readonly TextPiece[],
  policy: EffectivePolicy,
): readonly Verdict[] {
  const start = replacements[0]?.start ?? 0;
  const end = replacements.at(-1)?.end ?? 0;
  const touched = piecesTouching(pieces, start, end);
  const first = touched[0];
  if (first === undefined) return [];
  const { entity, rule, action, score } = candidate;
  const finding = Object.freeze({ entity, rule, action, index: pieces[0]?.index ?? 0, start, end, score });
  const rewritable = touched.every((piece) => piece.rewritable);
  return [{ finding, replacements, path: first.path, fate: fateOf(candidate, rewritable, policy) }];
}

function fateOf(candidate: Candidate, rewritable: boolean, policy: EffectivePolicy): Verdict["fate"] {
  if (candidate.action === "report") return "reported";
  if (candidate.action === "block") return "blocks";
  if (rewritable) return "rewritten";
  return policy.unrewritable === "block" ? "blocks" : "notRewritten";
}

function piecesTouching(pieces: readonly TextPiece[], start: number, end: number): readonly TextPiece[] {
  const first = partitionPoint(pieces.length, (index) => (pieces[index]?.end ?? 0) > start);
  const behind = partitionPoint(pieces.length, (index) => (pieces[index]?.start ?? 0) >= end);
  return pieces.slice(first, behind);
}

function editsOf(gathered: GatheredText, verdicts: readonly Verdict[]): readonly Edit[] {
  const replacements = verdicts
    .filter((verdict) => verdict.fate === "rewritten")
    .flatMap((verdict) => verdict.replacements);
  const rewritten = rewriteSegments(gathered.text, gathered.pieces, replacements);
  return [...rewritten].map(([at, text]) => Object.freeze({ index: gathered.pieces[at]?.index ?? 0, text }));
}

import type { JsonPath } from "../json";
import type { OpaquePart } from "../ports/protocol";
import { holdsUnreadRun } from "./decode/encoded-runs";
import type { Edit, EffectivePolicy, LocatedFinding } from "./engine";
import type { GatheredText, TextPiece } from "./gather-texts";
import { readJsonText } from "./json-text";
import { partitionPoint } from "./partition-point";
import { readFindings, type Reading } from "./read-findings";
import { placeholderOf, readPlainText, rewriteSegments, type ReadableText, type Replacement } from "./redact";
import type { Candidate } from "./resolve-findings";
import type { FoundToken, Tokens } from "./tokens";

/** What one text holds and becomes. */
export interface TextInspection {
  readonly findings: readonly LocatedFinding[];
  readonly edits: readonly Edit[];
  readonly redacted: number;
  readonly tokenized: number;
  readonly notRewritten: number;
  /** What is encoded in it and too long to be read. */
  readonly opaque: readonly OpaquePart[];
  /** The first finding that stops the call. */
  readonly blocked: { readonly by: string; readonly at: JsonPath } | null;
}

export type Fate = "blocks" | "redacted" | "tokenized" | "notRewritten" | "reported";

/** A finding with what it means for the pieces that it touches. */
interface Verdict {
  readonly finding: LocatedFinding;
  /** For what is to be rewritten. */
  readonly replacements: readonly Replacement[];
  readonly path: JsonPath;
  readonly fate: Fate;
}

export async function inspectOne(gathered: GatheredText, reading: Reading): Promise<TextInspection> {
  const readable = readableOf(gathered);
  const { owners, tokens } = await readFindings(readable.text, reading);
  const { replacements, ...judged } = await judgeAll(owners, readable, gathered.pieces, reading);
  return {
    ...judged,
    edits: editsOf(gathered, [...replacements, ...restorations(tokens, readable, gathered.pieces, replacements)]),
    opaque: reading.policy.active ? unreadIn(readable.text, gathered.pieces[0]?.path) : [],
  };
}

/** What is encoded in the text and too long to be read. */
export function unreadIn(text: string, path: JsonPath = []): readonly OpaquePart[] {
  return holdsUnreadRun(text) ? [{ kind: "encoded_text", path }] : [];
}

/** As detectors read it. */
export function readableOf({ json, text }: GatheredText): ReadableText {
  return json ? readJsonText(text) : readPlainText(text);
}

/** What the verdicts come to; `replacements` ascending. */
type Judged = Omit<TextInspection, "edits" | "opaque"> & { readonly replacements: readonly Replacement[] };

/** Findings judged between two looks at the clock. */
const BATCH = 1_024;

async function judgeAll(
  owners: readonly Candidate[],
  readable: ReadableText,
  pieces: readonly TextPiece[],
  reading: Reading,
): Promise<Judged> {
  const findings: LocatedFinding[] = [];
  const replacements: Replacement[] = [];
  const counts = { blocks: 0, redacted: 0, tokenized: 0, notRewritten: 0, reported: 0 };
  let blocked: TextInspection["blocked"] = null;
  for (const [index, owner] of owners.entries()) {
    if (index % BATCH === 0) await reading.budget.rest();
    const verdict = judge(owner, readable, pieces, reading);
    if (verdict === null) continue;
    findings.push(verdict.finding);
    counts[verdict.fate] += 1;
    if (verdict.fate === "redacted" || verdict.fate === "tokenized") replacements.push(...verdict.replacements);
    if (verdict.fate === "blocks") blocked ??= { by: verdict.finding.entity, at: verdict.path };
  }
  const { redacted, tokenized, notRewritten } = counts;
  return { findings, replacements, redacted, tokenized, notRewritten, blocked };
}

/** Null for what matched only what stands between two strings of a JSON text. */
function judge(
  candidate: Candidate,
  readable: ReadableText,
  pieces: readonly TextPiece[],
  { policy, tokens }: Reading,
): Verdict | null {
  const masked = readable.replace(candidate.start, candidate.end, placeholderOf(candidate.entity));
  const start = masked[0]?.start ?? 0;
  const end = masked.at(-1)?.end ?? 0;
  const touched = piecesTouching(pieces, start, end);
  const first = touched[0];
  if (first === undefined) return null;
  const { entity, rule, action, score } = candidate;
  const finding = Object.freeze({ entity, rule, action, index: pieces[0]?.index ?? 0, start, end, score });
  const rewritable = touched.every((piece) => piece.rewritable);
  // A value that lies across several strings of a JSON text could not be put back into them.
  const minting = masked.length === 1 ? tokens : null;
  const fate = fateOf(candidate, rewritable, policy, minting);
  if (fate !== "tokenized") return { finding, replacements: masked, path: first.path, fate };
  const token = substituteFor(entity, readable.text.slice(candidate.start, candidate.end), fate, tokens);
  return { finding, replacements: readable.replace(candidate.start, candidate.end, token), path: first.path, fate };
}

/** What a finding means for the text that it is in. */
export function fateOf(
  { action }: Pick<Candidate, "action">,
  rewritable: boolean,
  { unrewritable }: Pick<EffectivePolicy, "unrewritable">,
  tokens: Tokens | null,
): Fate {
  if (action === "report") return "reported";
  if (action === "block") return "blocks";
  if (rewritable) return action === "tokenize" && tokens !== null ? "tokenized" : "redacted";
  return unrewritable === "block" ? "blocks" : "notRewritten";
}

/** What stands in place of a finding. */
export function substituteFor(entity: string, value: string, fate: Fate, tokens: Tokens | null): string {
  return fate === "tokenized" && tokens !== null ? tokens.tokenFor(entity, value) : placeholderOf(entity);
}

function piecesTouching(pieces: readonly TextPiece[], start: number, end: number): readonly TextPiece[] {
  const first = partitionPoint(pieces.length, (index) => (pieces[index]?.end ?? 0) > start);
  const behind = partitionPoint(pieces.length, (index) => (pieces[index]?.start ?? 0) >= end);
  return pieces.slice(first, behind);
}

/** Values in place of their tokens, wherever text may be rewritten and no finding takes the token with it. */
function restorations(
  tokens: readonly FoundToken[],
  readable: ReadableText,
  pieces: readonly TextPiece[],
  taken: readonly Replacement[],
): readonly Replacement[] {
  const isTaken = ({ start, end }: Replacement): boolean => {
    const next = taken[partitionPoint(taken.length, (index) => (taken[index]?.end ?? 0) > start)];
    return next !== undefined && next.start < end;
  };
  return tokens.flatMap(({ start, end, value }) => {
    const replacements = readable.replace(start, end, value);
    const [first] = replacements;
    if (first === undefined || isTaken(first)) return [];
    return piecesTouching(pieces, first.start, first.end).every((piece) => piece.rewritable) ? replacements : [];
  });
}

function editsOf(gathered: GatheredText, replacements: readonly Replacement[]): readonly Edit[] {
  const rewritten = rewriteSegments(gathered.text, gathered.pieces, replacements);
  return [...rewritten].map(([at, text]) => Object.freeze({ index: gathered.pieces[at]?.index ?? 0, text }));
}

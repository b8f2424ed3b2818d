import { findCandidates, type Search } from "./find-candidates";
import { resolveFindings, type Candidate } from "./resolve-findings";
import type { FoundToken, Tokens } from "./tokens";

/** What one text holds: findings with one owner for every piece of text, and tokens to be put back. Both in order of place. */
export interface Findings {
  readonly owners: readonly Candidate[];
  readonly tokens: readonly FoundToken[];
}

/** With what a text is read. */
export interface Reading extends Search {
  /** Null where nothing could be put back: tokenize acts as redact. */
  readonly tokens: Tokens | null;
}

/** A token that stands for a value of the caller's own is nothing to be found. */
export async function readFindings(text: string, reading: Reading): Promise<Findings> {
  const tokens = reading.tokens?.findIn(text) ?? [];
  const candidates = reading.policy.active ? await findCandidates(text, reading) : [];
  return { owners: resolveFindings(candidates.filter((candidate) => !isInside(tokens, candidate))), tokens };
}

function isInside(tokens: readonly FoundToken[], { start, end }: Candidate): boolean {
  return tokens.some((token) => token.start <= start && token.end >= end);
}

import { coveredBy } from "./covered-by";
import { findCandidates, type Search } from "./find-candidates";
import type { FindingMemory } from "./finding-memory";
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
  const { memory, policy } = reading;
  const tokens = reading.tokens?.findIn(text) ?? [];
  if (!policy.active) return { owners: [], tokens };
  if (memory !== undefined && tokens.length === 0) return { owners: await knownOwners(text, reading, memory), tokens };
  const isInToken = coveredBy(tokens);
  const candidates = await findCandidates(text, reading);
  return { owners: resolveFindings(candidates.filter(({ start, end }) => !isInToken(start, end))), tokens };
}

/** What owns which piece depends on the text and the policy alone, as long as nothing in the text is to be put back. */
async function knownOwners(text: string, reading: Reading, memory: FindingMemory): Promise<readonly Candidate[]> {
  const known = memory.of(text);
  const before = known.ownersUnder(reading.policy);
  if (before !== undefined) return before;
  const digestedOnce = { of: (part: string) => (part === text ? known : memory.of(part)) };
  const owners = resolveFindings(await findCandidates(text, { ...reading, memory: digestedOnce }));
  known.setOwners(reading.policy, owners);
  return owners;
}

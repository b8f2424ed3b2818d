import type { KeyObject } from "node:crypto";
import type { ChainHead } from "../ports/audit-log";
import type { SinkState } from "../ports/sink-registry";
import { findBackdated } from "./backdated-chains";
import { checkpointHash, type SignedCheckpoint } from "./checkpoint";
import { joinRanges } from "./join-ranges";
import { prunedChains, type PrunedChains } from "./pruned-chains";
import type { PruneNote } from "./prune-note";
import { CHAIN_START } from "./stamp-record";
import { checkpointFault } from "./verify-checkpoint";
import type { CountedHead, TrailSource } from "./verify-trail";

export interface PruneQuestion {
  /** What is to go is older: RFC 3339, UTC, milliseconds. */
  readonly before: string;
  /** Of the checkpoints' signatures, by id. */
  readonly keys: ReadonlyMap<string, KeyObject>;
  /** Nothing is dropped that one of them does not have yet. */
  readonly sinks: readonly SinkState[];
}

export interface PrunePlan {
  /** Null: there is nothing to drop. */
  readonly note: Omit<PruneNote, "at"> | null;
  /** When the checkpoint was taken up to which everything goes. */
  readonly covered: string | null;
  /** How many records go. */
  readonly records: number;
  /** Sinks without which more could go. */
  readonly heldBackBy: readonly string[];
  /** What an earlier prune announced and did not drop; by node, up to which position. */
  readonly unfinished: ReadonlyMap<string, number>;
}

/** Fewer than the values that a record can hold. */
const MOST_CHAINS = 900;

/**
 * What can be dropped: all that the newest checkpoint before a time covers and every sink has, up to the last record of a
 * chain, which always stays. Rejects with a PruneRefusal when what would go does not verify: nothing is made to vanish
 * that is evidence.
 */
export async function planPrune(source: TrailSource, question: PruneQuestion): Promise<PrunePlan> {
  const heads = await source.heads();
  const pruned = await prunedChains(source, heads, question.keys);
  const { chosen, heldBackBy } = await chooseCheckpoint(source, heads, question, pruned?.note.checkpoint.number ?? 0);
  const unfinished = unfinishedOf(heads, pruned);
  if (chosen === null) return { note: null, covered: null, records: 0, heldBackBy, unfinished };
  await refuseUnsound(source, heads, chosen, pruned, question);
  const cuts = await cutsOf(source, heads, chosen, pruned);
  const records = cuts.reduce((sum, { node, seq }) => sum + seq - (pruned?.cuts.get(node)?.seq ?? 0), 0);
  if (records === 0) return { note: null, covered: null, records, heldBackBy, unfinished };
  if (cuts.length > MOST_CHAINS) throw new PruneRefusal(`the trail has more than ${MOST_CHAINS} chains`);
  const checkpoint = { number: chosen.number, hash: checkpointHash(chosen) };
  return { note: { origin: chosen.origin, checkpoint, cuts }, covered: chosen.at, records, heldBackBy, unfinished };
}

/** Why a trail is not pruned. */
export class PruneRefusal extends Error {
  override readonly name = "PruneRefusal";
}

interface Choice {
  chosen: SignedCheckpoint | null;
  heldBackBy: readonly string[];
}

async function chooseCheckpoint(
  source: TrailSource,
  heads: readonly CountedHead[],
  { before, sinks }: PruneQuestion,
  above: number,
): Promise<Choice> {
  const choice: Choice = { chosen: null, heldBackBy: [] };
  let newest = above;
  for (const { node, seq } of heads) {
    for await (const checkpoint of source.checkpoints(node, seq)) {
      if (checkpoint.at >= before || checkpoint.number <= above) continue;
      const lacking = sinks.filter((sink) => lacks(sink, checkpoint)).map(({ sink }) => sink);
      if (lacking.length === 0 && checkpoint.number > (choice.chosen?.number ?? above)) choice.chosen = checkpoint;
      if (checkpoint.number > newest) [newest, choice.heldBackBy] = [checkpoint.number, lacking];
    }
  }
  return choice;
}

function lacks({ places }: SinkState, { heads }: SignedCheckpoint): boolean {
  return heads.some(({ node, seq }) => (places.get(node) ?? 0) < seq);
}

function unfinishedOf(heads: readonly CountedHead[], pruned: PrunedChains | null): ReadonlyMap<string, number> {
  const left = heads.flatMap(({ node, first }) => {
    const cut = pruned?.cuts.get(node);
    return cut !== undefined && first <= cut.seq ? [[node, cut.seq] as const] : [];
  });
  return new Map(left);
}

/** The last record of a chain stays, so that its positions go on from there. */
async function cutsOf(
  source: TrailSource,
  heads: readonly CountedHead[],
  { heads: covered }: SignedCheckpoint,
  pruned: PrunedChains | null,
): Promise<readonly ChainHead[]> {
  const cuts = new Map(pruned?.cuts);
  for (const { node, seq } of covered) {
    const last = heads.find((head) => head.node === node)?.seq ?? 0;
    const through = Math.min(seq, last - 1);
    if (through <= (cuts.get(node)?.seq ?? 0)) continue;
    const link = await source.linkAt(node, through);
    // A note without this chain would make its beginning, which another prune drops, look like tampering.
    if (link === null) throw new PruneRefusal(`${node} ${through} went meanwhile: another prune runs, let it end`);
    cuts.set(node, { node, boot: link.boot, seq: through, hash: link.hash });
  }
  return [...cuts.values()];
}

async function refuseUnsound(
  source: TrailSource,
  heads: readonly CountedHead[],
  checkpoint: SignedCheckpoint,
  pruned: PrunedChains | null,
  { keys }: PruneQuestion,
): Promise<void> {
  await refuseBackdated(source, heads);
  const last = new Map(heads.map(({ node, seq }) => [node, seq]));
  const cuts = pruned?.cuts ?? new Map<string, ChainHead>();
  const context = { keys, cuts, lastSeq: (node: string) => last.get(node) ?? 0, linkAt: source.linkAt };
  const fault = await checkpointFault(checkpoint, context);
  if (fault !== null) throw unsound(fault.node, fault.seq, fault.reason);
  for (const { node, seq } of checkpoint.heads) {
    const cut = cuts.get(node);
    if (seq <= (cut?.seq ?? 0)) continue;
    const start = cut === undefined ? CHAIN_START : { seq: cut.seq, link: Buffer.from(cut.hash, "hex") };
    const { firstFault } = joinRanges([await source.verifyRange(node, start.seq, seq, { ...start, at: null })]);
    if (firstFault !== null) throw unsound(node, firstFault.seq, firstFault.reason);
  }
}

/** What shows it goes with the beginnings of chains. */
async function refuseBackdated(source: TrailSource, heads: readonly CountedHead[]): Promise<void> {
  const backdated = await findBackdated(source, heads);
  for (const { node, seq } of heads)
    for await (const checkpoint of source.checkpoints(node, seq)) {
      const [found] = backdated(checkpoint);
      if (found !== undefined) throw unsound(found.node, found.seq, found.reason);
    }
}

function unsound(node: string, seq: number, reason: string): PruneRefusal {
  return new PruneRefusal(`the trail was tampered with (${node} ${seq}: ${reason}): run \`llm-gate audit verify\``);
}

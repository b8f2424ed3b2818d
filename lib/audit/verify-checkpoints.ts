import type { ChainHead } from "../ports/audit-log";
import { findBackdated, type FindBackdated } from "./backdated-chains";
import type { SignedCheckpoint } from "./checkpoint";
import type { PrunedChains } from "./pruned-chains";
import type { BadRecord, CheckedCheckpoints } from "./trail-verdict";
import {
  checkpointFault,
  followsFrom,
  isCovering,
  placeOfCheckpoint,
  type CheckpointContext,
  type KeptLink,
} from "./verify-checkpoint";
import type { CheckpointLine, CountedHead, TrailSource, VerifyTrailOptions } from "./verify-trail";

/** Those on record in the order of their numbers, then the copies in theirs. */
export async function verifyCheckpoints(
  source: TrailSource,
  heads: readonly CountedHead[],
  pruned: PrunedChains | null,
  { keys, copies }: VerifyTrailOptions,
): Promise<CheckedCheckpoints> {
  const context = contextOf(source, heads, pruned, keys);
  const base = pruned?.note.checkpoint ?? null;
  const { found, judge } = createJudge(await findBackdated(source, heads));
  let previous: SignedCheckpoint | null = null;
  for await (const checkpoint of inOrder(heads.map(({ node, seq }) => source.checkpoints(node, seq)))) {
    found.onRecord += 1;
    const bad = await checkpointFault(checkpoint, context);
    const isInOrder =
      base === null || checkpoint.number > base.number
        ? followsFrom(checkpoint, previous)
        : checkpoint.number < base.number || isCovering(checkpoint, base);
    judge(checkpoint, bad ?? (isInOrder ? null : orderFault(checkpoint)));
    // The last record of a chain that ended long ago may be a checkpoint from before the one that the trail begins with.
    if (base === null || checkpoint.number >= base.number) previous = checkpoint;
  }
  let newest = previous;
  for await (const copy of copies ?? []) {
    found.copied += 1;
    judge(copy, await copyFault(copy, source, context, base?.number ?? 0));
    if ("number" in copy && copy.number > (newest?.number ?? 0)) newest = copy;
  }
  return { ...found, newest };
}

function contextOf(
  source: TrailSource,
  heads: readonly ChainHead[],
  pruned: PrunedChains | null,
  keys: CheckpointContext["keys"],
): CheckpointContext {
  const last = new Map(heads.map(({ node, seq }) => [node, seq]));
  const linkAt = (node: string, seq: number): Promise<KeptLink | null> => source.linkAt(node, seq);
  const cuts = pruned?.cuts ?? new Map<string, ChainHead>();
  return { keys, linkAt, lastSeq: (node) => last.get(node) ?? 0, cuts };
}

/** Takes checkpoints with what is wrong with them. One that holds vouches for what it covers, and knows every chain that was there. */
function createJudge(backdated: FindBackdated) {
  const found = { firstBad: null as BadRecord | null, faults: 0, onRecord: 0, copied: 0 };
  const vouched = new Map<string, number>();
  const note = (bad: BadRecord): void => {
    found.faults += 1;
    found.firstBad ??= bad.reason === "checkpoint_mismatch" ? { ...bad, after: vouched.get(bad.node) ?? 0 } : bad;
  };
  const judge = (checkpoint: CheckpointLine, bad: BadRecord | null): void => {
    if (bad !== null) note(bad);
    else if ("number" in checkpoint) {
      for (const { node, seq } of checkpoint.heads) vouched.set(node, Math.max(seq, vouched.get(node) ?? 0));
      backdated(checkpoint).forEach(note);
    }
  };
  return { found, judge };
}

async function copyFault(
  copy: CheckpointLine,
  source: TrailSource,
  context: CheckpointContext,
  oldest: number,
): Promise<BadRecord | null> {
  if ("unreadableLine" in copy) return { node: "", boot: "", seq: copy.unreadableLine, reason: "unreadable_copy" };
  const bad = await checkpointFault(copy, context);
  return bad ?? (copy.number < oldest ? null : await missingFault(copy, source));
}

function orderFault(checkpoint: SignedCheckpoint): BadRecord {
  return { ...placeOfCheckpoint(checkpoint), reason: "checkpoint_order" };
}

async function missingFault(copy: SignedCheckpoint, source: TrailSource): Promise<BadRecord | null> {
  const place = placeOfCheckpoint(copy);
  const kept = await source.checkpointAt(place.node, place.seq);
  return kept?.signature === copy.signature ? null : { ...place, reason: "checkpoint_missing" };
}

/** Merges streams that are each in the order of their numbers. */
async function* inOrder(streams: readonly AsyncIterable<SignedCheckpoint>[]): AsyncGenerator<SignedCheckpoint> {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]());
  const fronts = await Promise.all(iterators.map((iterator) => iterator.next()));
  for (;;) {
    const values = fronts.map((front) => (front.done === true ? Infinity : front.value.number));
    const index = values.indexOf(Math.min(...values));
    const front = fronts[index];
    const iterator = iterators[index];
    if (front === undefined || front.done === true || iterator === undefined) return;
    yield front.value;
    fronts[index] = await iterator.next();
  }
}

import type { KeyObject } from "node:crypto";
import type { ChainHead } from "../ports/audit-log";
import type { SignedCheckpoint } from "./checkpoint";
import type { DeliveredPlace } from "./cut-behind-sinks";
import { joinRanges } from "./join-ranges";
import { prunedChains, type PrunedChains } from "./pruned-chains";
import type { SignedPruneNote } from "./prune-note";
import { trailVerdict, type TrailVerdict } from "./trail-verdict";
import type { KeptRow } from "./verify-checkpoint";
import { verifyCheckpoints } from "./verify-checkpoints";
import { CHAIN_START } from "./stamp-record";
import type { Place, RangeReport, RangeStart } from "./verify-range";

/** The end of a chain, with the number of its records. */
export interface CountedHead extends ChainHead {
  readonly records: number;
  /** Position of the first. */
  readonly first: number;
}

/** A trail as a verifier reads it. What was durable when `heads` resolved never changes after that. */
export interface TrailSource {
  heads(): Promise<readonly CountedHead[]>;
  /** Names of the nodes that run now. */
  running(): Promise<ReadonlySet<string>>;
  /**
   * Checks the rows of `node` with `after < seq <= through`; any number of ranges at once. They follow from `start`, else
   * from the row before them.
   */
  verifyRange(node: string, after: number, through: number, start?: RangeStart): Promise<RangeReport>;
  linkAt(node: string, seq: number): Promise<KeptRow | null>;
  /** The checkpoints on record of one node, in the order of `seq`. */
  checkpoints(node: string, through: number): AsyncIterable<SignedCheckpoint>;
  /** The checkpoint whose record is at a position; null when what is there is none. */
  checkpointAt(node: string, seq: number): Promise<SignedCheckpoint | null>;
  /** Rows that no chain reads: without a name of a node, or at a position that is none. */
  strays(): Promise<StrayRows>;
  /** How far the sinks are that this database knows of. */
  delivered(): Promise<readonly DeliveredPlace[]>;
  /** The prunes on record of one node, the newest first. */
  pruneNotes(node: string, through: number): AsyncIterable<SignedPruneNote>;
}

/** Nobody but a forger makes such rows, and a search would show them. */
export interface StrayRows {
  readonly count: number;
  /** Its position is 0 where it is not a number. */
  readonly first: Place | null;
}

/** A source that holds connections, and can drop the beginnings of chains. */
export interface ClosableTrailSource extends TrailSource {
  /** Removes rows of `node` with `seq <= through`, the first of them first, some at a time; gives how many. 0: none is left. */
  dropSome(node: string, through: number): Promise<number>;
  close(): Promise<void>;
}

/** What a line of the copies is: a checkpoint, or the number of a line that is none. */
export type CheckpointLine = SignedCheckpoint | { readonly unreadableLine: number };

export interface VerifyTrailOptions {
  /** What was copied outside the database. */
  readonly copies?: AsyncIterable<CheckpointLine>;
  /** By key id. Empty: signatures are not checked, and the verdict says so. */
  readonly keys: ReadonlyMap<string, KeyObject>;
  /** Told now and then how many records were checked. */
  readonly onProgress?: (records: number, total: number) => void;
}

const RANGE = 20_000;
/** Each time the trail was pruned meanwhile. */
const MOST_ATTEMPTS = 3;

/** A trail that is pruned while it is read is read again: what a reading found missing was dropped then. */
export async function verifyTrail(source: TrailSource, options: VerifyTrailOptions): Promise<TrailVerdict> {
  for (let attempt = 1; ; attempt += 1) {
    // Before the chains' ends: both go on meanwhile.
    const delivered = await source.delivered();
    const before = await source.running();
    const heads = [...(await source.heads())].sort((a, b) => (a.node < b.node ? -1 : 1));
    const running = new Set([...before, ...(await source.running())]);
    const pruned = await pruneOf(source, heads, options);
    const reports = await verifyChains(source, heads, pruned, options);
    const checked = await verifyCheckpoints(source, heads, pruned, options);
    const verdict = trailVerdict({
      strays: await source.strays(),
      delivered,
      heads,
      running,
      reports,
      checked,
      pruned,
      signaturesChecked: options.keys.size > 0,
    });
    if (verdict.status !== "tampered" || attempt === MOST_ATTEMPTS) return verdict;
    const now = await pruneOf(source, await source.heads(), options);
    if (now?.note.checkpoint.number === pruned?.note.checkpoint.number) return verdict;
  }
}

/** Chains that begin with their first record need nobody's word. */
export async function pruneOf(
  source: TrailSource,
  heads: readonly CountedHead[],
  { keys }: Pick<VerifyTrailOptions, "keys">,
): Promise<PrunedChains | null> {
  return heads.some(({ first }) => first > 1) ? prunedChains(source, heads, keys) : null;
}

async function verifyChains(
  source: TrailSource,
  heads: readonly CountedHead[],
  pruned: PrunedChains | null,
  { onProgress }: VerifyTrailOptions,
): Promise<readonly RangeReport[]> {
  const total = heads.reduce((sum, { records }) => sum + records, 0);
  let done = 0;
  const verifyOne = async ({ node, after, through, start }: Range): Promise<RangeReport> => {
    const report = await source.verifyRange(node, after, through, start);
    done += report.records;
    onProgress?.(done, total);
    return report;
  };
  const chains = heads.map((head) =>
    Promise.all(rangesOf(head, pruned?.cuts.get(head.node)).map((range) => verifyOne(range))),
  );
  return (await Promise.all(chains)).map(joinRanges);
}

interface Range {
  readonly node: string;
  readonly after: number;
  readonly through: number;
  readonly start?: RangeStart;
}

/** A chain that lacks records may claim any position: it is read in one go. */
function rangesOf({ node, seq, records, first }: CountedHead, cut: ChainHead | undefined): readonly Range[] {
  const isWhole = first === 1 || cut === undefined;
  const after = isWhole ? 0 : cut.seq;
  const start = isWhole ? { ...CHAIN_START, at: null } : cutStart(cut);
  if (seq - after !== records) return [{ node, after, through: seq, start }];
  return Array.from({ length: Math.ceil(records / RANGE) }, (_, index) => {
    const range = { node, after: after + index * RANGE, through: Math.min(seq, after + (index + 1) * RANGE) };
    return index === 0 ? { ...range, start } : range;
  });
}

function cutStart({ seq, hash }: ChainHead): RangeStart {
  return { seq, link: Buffer.from(hash, "hex"), at: null };
}

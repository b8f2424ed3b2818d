import type { KeyObject } from "node:crypto";
import type { ChainHead } from "../ports/audit-log";
import type { SignedCheckpoint } from "./checkpoint";
import { joinRanges } from "./join-ranges";
import { trailVerdict, type TrailVerdict } from "./trail-verdict";
import type { KeptLink } from "./verify-checkpoint";
import { verifyCheckpoints } from "./verify-checkpoints";
import type { RangeReport } from "./verify-range";

/** The end of a chain, with the number of its records. */
export interface CountedHead extends ChainHead {
  readonly records: number;
}

/** A trail as a verifier reads it. What was durable when `heads` resolved never changes after that. */
export interface TrailSource {
  heads(): Promise<readonly CountedHead[]>;
  /** Names of the nodes that run now. */
  running(): Promise<ReadonlySet<string>>;
  /** Checks the rows of `node` with `after < seq <= through`; any number of ranges at once. */
  verifyRange(node: string, after: number, through: number): Promise<RangeReport>;
  linkAt(node: string, seq: number): Promise<KeptLink | null>;
  /** The checkpoints on record of one node, in the order of `seq`. */
  checkpoints(node: string, through: number): AsyncIterable<SignedCheckpoint>;
  /** The checkpoint whose record is at a position; null when what is there is none. */
  checkpointAt(node: string, seq: number): Promise<SignedCheckpoint | null>;
}

/** A source that holds connections. */
export interface ClosableTrailSource extends TrailSource {
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

export async function verifyTrail(source: TrailSource, options: VerifyTrailOptions): Promise<TrailVerdict> {
  const before = await source.running();
  const heads = [...(await source.heads())].sort((a, b) => (a.node < b.node ? -1 : 1));
  const running = new Set([...before, ...(await source.running())]);
  const reports = await verifyChains(source, heads, options);
  const checked = await verifyCheckpoints(source, heads, options);
  return trailVerdict(heads, running, reports, checked, options.keys.size > 0);
}

async function verifyChains(
  source: TrailSource,
  heads: readonly CountedHead[],
  { onProgress }: VerifyTrailOptions,
): Promise<readonly RangeReport[]> {
  const total = heads.reduce((sum, { records }) => sum + records, 0);
  let done = 0;
  const verifyOne = async (node: string, after: number, through: number): Promise<RangeReport> => {
    const report = await source.verifyRange(node, after, through);
    done += report.records;
    onProgress?.(done, total);
    return report;
  };
  const chains = heads.map((head) =>
    Promise.all(rangesOf(head).map(([after, through]) => verifyOne(head.node, after, through))),
  );
  return (await Promise.all(chains)).map(joinRanges);
}

/** A chain that lacks records may claim any position: it is read in one go. */
function rangesOf({ seq, records }: CountedHead): readonly (readonly [after: number, through: number])[] {
  if (seq !== records) return [[0, seq]];
  return Array.from({ length: Math.ceil(seq / RANGE) }, (_, index) => {
    return [index * RANGE, Math.min(seq, (index + 1) * RANGE)] as const;
  });
}

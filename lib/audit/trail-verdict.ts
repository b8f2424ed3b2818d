import type { ChainHead } from "../ports/audit-log";
import type { SignedCheckpoint } from "./checkpoint";
import type { BackdatedChain } from "./backdated-chains";
import { cutBehindSinks, type CutBehindSink, type DeliveredPlace } from "./cut-behind-sinks";
import type { PrunedChains } from "./pruned-chains";
import type { ChainFaultReason } from "./verify-chain";
import type { CheckpointFaultReason } from "./verify-checkpoint";
import type { OpenIntent, Place, RangeReport } from "./verify-range";
import type { CountedHead, StrayRows } from "./verify-trail";

export type BadReason =
  | ChainFaultReason
  | CheckpointFaultReason
  | BackdatedChain["reason"]
  | CutBehindSink["reason"]
  /** The row is in no chain: it has no name of a node, or a position that is none. */
  | "stray"
  /** A line of the copies is no checkpoint: `seq` is its number, and there is no node. */
  | "unreadable_copy"
  /** A call began, its node does not run, and there is no end. */
  | "open_intent"
  /** The record is there although a prune dropped it: the prune did not come to its end, or somebody put it there. */
  | "unpruned";

export interface BadRecord extends Place {
  readonly reason: BadReason;
  /** Of a mismatch with a checkpoint: the last position of the chain that a checkpoint vouches for. The change is behind it. */
  readonly after?: number;
  /** Of a column that differs from its record: which. */
  readonly column?: string;
}

/**
 * `clean`: every link, column and checkpoint holds and every call that began has ended, or its node still runs.
 * `tampered`: something does not hold. `incomplete`: all holds, and calls of nodes that do not run have no end, or a
 * prune has not dropped all that it said.
 */
export interface TrailVerdict {
  readonly status: "clean" | "tampered" | "incomplete";
  readonly records: number;
  readonly firstBad: BadRecord | null;
  /** Rows and checkpoints that do not hold. */
  readonly faults: number;
  readonly nodes: readonly ChainHead[];
  readonly checkpoints: {
    readonly onRecord: number;
    readonly copied: number;
    /** False when no public key was given. */
    readonly signaturesChecked: boolean;
    readonly newest: Pick<SignedCheckpoint, "origin" | "number" | "at"> | null;
  };
  /** How many sinks the ends of the chains were compared with. */
  readonly sinks: number;
  /** What was dropped on purpose before the records that are here; null: nothing. */
  readonly pruned: PrunedReport | null;
  /** Of nodes that do not run. */
  readonly openIntents: { readonly count: number; readonly first: readonly OpenIntent[] };
  /** Of nodes that run: no fault. */
  readonly openCalls: number;
  readonly timeAnomalies: { readonly count: number; readonly first: Place | null };
}

/** From where the trail begins. */
export interface PrunedReport {
  /** When; RFC 3339, UTC, milliseconds. */
  readonly at: string;
  /** The number of the checkpoint that covered what was dropped. */
  readonly checkpoint: number;
  /** The last record that was dropped of each chain. */
  readonly chains: readonly { readonly node: string; readonly through: number }[];
}

/** What all checkpoints together showed. */
export interface CheckedCheckpoints {
  readonly firstBad: BadRecord | null;
  readonly faults: number;
  readonly onRecord: number;
  readonly copied: number;
  readonly newest: SignedCheckpoint | null;
}

const SHOWN = 20;

export interface VerdictParts {
  readonly heads: readonly CountedHead[];
  readonly running: ReadonlySet<string>;
  /** One for each of `heads`. */
  readonly reports: readonly RangeReport[];
  readonly checked: CheckedCheckpoints;
  readonly strays: StrayRows;
  readonly delivered: readonly DeliveredPlace[];
  readonly pruned: PrunedChains | null;
  readonly signaturesChecked: boolean;
}

export function trailVerdict(parts: VerdictParts): TrailVerdict {
  const { heads, running, reports, checked, strays, delivered, pruned, signaturesChecked } = parts;
  const bootOf = new Map(heads.map(({ node, boot }) => [node, boot]));
  const isLive = ({ node, boot }: OpenIntent): boolean => running.has(node) && bootOf.get(node) === boot;
  const open = reports.flatMap((report) => report.open);
  const stale = open.filter((intent) => !isLive(intent));
  const [firstOpen] = stale;
  const sum = (name: "records" | "faults" | "timeAnomalies"): number =>
    reports.reduce((total, report) => total + report[name], 0);
  const cut = cutBehindSinks(delivered, heads);
  const tampered = firstChainFault(reports) ?? checked.firstBad ?? cut[0] ?? firstStray(strays);
  const incomplete = firstUnpruned(heads, pruned) ?? (firstOpen === undefined ? null : openFault(firstOpen));
  const { onRecord, copied, newest } = checked;
  return Object.freeze({
    status: tampered !== null ? "tampered" : incomplete === null ? "clean" : "incomplete",
    records: sum("records"),
    firstBad: tampered ?? incomplete,
    faults: sum("faults") + checked.faults + cut.length + strays.count,
    nodes: heads.map(({ node, boot, seq, hash }) => ({ node, boot, seq, hash })),
    checkpoints: { onRecord, copied, signaturesChecked, newest: newest && shown(newest) },
    sinks: new Set(delivered.map(({ sink }) => sink)).size,
    pruned: pruned && prunedReport(pruned),
    openIntents: { count: stale.length, first: stale.slice(0, SHOWN) },
    openCalls: open.length - stale.length,
    timeAnomalies: {
      count: sum("timeAnomalies"),
      first: reports.find(({ firstTimeAnomaly }) => firstTimeAnomaly !== null)?.firstTimeAnomaly ?? null,
    },
  });
}

function firstChainFault(reports: readonly RangeReport[]): BadRecord | null {
  const fault = reports.find(({ firstFault }) => firstFault !== null)?.firstFault;
  if (fault == null) return null;
  const { node, boot, seq, reason, column } = fault;
  return { node, boot, seq, reason, ...(column !== null && { column }) };
}

function firstStray({ first }: StrayRows): BadRecord | null {
  return first === null ? null : { ...first, reason: "stray" };
}

/** Only what is behind the cut was read: what should be gone proves nothing. */
function firstUnpruned(heads: readonly CountedHead[], pruned: PrunedChains | null): BadRecord | null {
  for (const { node, first } of heads) {
    const cut = pruned?.cuts.get(node);
    if (cut !== undefined && first > 1 && first <= cut.seq)
      return { node, boot: cut.boot, seq: first, reason: "unpruned" };
  }
  return null;
}

function prunedReport({ note }: PrunedChains): PrunedReport {
  const chains = note.cuts.map(({ node, seq }) => ({ node, through: seq }));
  return Object.freeze({ at: note.at, checkpoint: note.checkpoint.number, chains });
}

function openFault({ node, boot, seq }: OpenIntent): BadRecord {
  return { node, boot, seq, reason: "open_intent" };
}

function shown({ origin, number, at }: SignedCheckpoint): Pick<SignedCheckpoint, "origin" | "number" | "at"> {
  return { origin, number, at };
}

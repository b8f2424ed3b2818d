import type { ChainHead } from "../ports/audit-log";
import type { SignedCheckpoint } from "./checkpoint";
import type { ChainFaultReason } from "./verify-chain";
import type { CheckpointFaultReason } from "./verify-checkpoint";
import type { OpenIntent, Place, RangeReport } from "./verify-range";

export type BadReason =
  | ChainFaultReason
  | CheckpointFaultReason
  /** A line of the copies is no checkpoint: `seq` is its number, and there is no node. */
  | "unreadable_copy"
  /** A call began, its node does not run, and there is no end. */
  | "open_intent";

export interface BadRecord extends Place {
  readonly reason: BadReason;
  /** Of a mismatch with a checkpoint: the last position of the chain that a checkpoint vouches for. The change is behind it. */
  readonly after?: number;
  /** Of a column that differs from its record: which. */
  readonly column?: string;
}

/**
 * `clean`: every link, column and checkpoint holds and every call that began has ended, or its node still runs.
 * `tampered`: something does not hold. `incomplete`: all holds, and calls of nodes that do not run have no end.
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
  /** Of nodes that do not run. */
  readonly openIntents: { readonly count: number; readonly first: readonly OpenIntent[] };
  /** Of nodes that run: no fault. */
  readonly openCalls: number;
  readonly timeAnomalies: { readonly count: number; readonly first: Place | null };
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

/** One chain's report for each of `heads`. */
export function trailVerdict(
  heads: readonly ChainHead[],
  running: ReadonlySet<string>,
  reports: readonly RangeReport[],
  checked: CheckedCheckpoints,
  signaturesChecked: boolean,
): TrailVerdict {
  const bootOf = new Map(heads.map(({ node, boot }) => [node, boot]));
  const isLive = ({ node, boot }: OpenIntent): boolean => running.has(node) && bootOf.get(node) === boot;
  const open = reports.flatMap((report) => report.open);
  const stale = open.filter((intent) => !isLive(intent));
  const [firstOpen] = stale;
  const sum = (name: "records" | "faults" | "timeAnomalies"): number =>
    reports.reduce((total, report) => total + report[name], 0);
  const tampered = firstChainFault(reports) ?? checked.firstBad;
  const { onRecord, copied, newest } = checked;
  return Object.freeze({
    status: tampered !== null ? "tampered" : firstOpen === undefined ? "clean" : "incomplete",
    records: sum("records"),
    firstBad: tampered ?? (firstOpen === undefined ? null : openFault(firstOpen)),
    faults: sum("faults") + checked.faults,
    nodes: heads,
    checkpoints: { onRecord, copied, signaturesChecked, newest: newest && shown(newest) },
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

function openFault({ node, boot, seq }: OpenIntent): BadRecord {
  return { node, boot, seq, reason: "open_intent" };
}

function shown({ origin, number, at }: SignedCheckpoint): Pick<SignedCheckpoint, "origin" | "number" | "at"> {
  return { origin, number, at };
}

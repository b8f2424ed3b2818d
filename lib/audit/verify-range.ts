import type { ChainRow } from "./chain-row";
import type { ChainEnd } from "./stamp-record";
import { createChainVerifier, type ChainFault } from "./verify-chain";

/** A record by its place in the trail. */
export interface Place {
  readonly node: string;
  readonly boot: string;
  readonly seq: number;
}

/** An intent that nothing in the range ended. */
export interface OpenIntent extends Place {
  readonly requestId: string;
}

/** What was found in an unbroken stretch of one chain. */
export interface RangeReport {
  readonly records: number;
  readonly firstFault: ChainFault | null;
  readonly faults: number;
  readonly open: readonly OpenIntent[];
  /** Request ids that an ending in the range closes whose intent is not in it. */
  readonly ended: readonly string[];
  /** Records whose time lies well before that of the record before them, or well after now. */
  readonly timeAnomalies: number;
  readonly firstTimeAnomaly: Place | null;
}

/** The record before a range: the link that it starts from, and its time. */
export interface RangeStart extends ChainEnd {
  readonly at: string | null;
}

export interface RangeVerifier {
  /** Takes the rows in the order of `seq`. */
  next(row: ChainRow): void;
  report(): RangeReport;
}

/** Records wait in queues, and an ending may be owed for a while: what is smaller is no step of a clock. */
const STEP_MS = 5_000;
const AHEAD_MS = 300_000;

interface Range {
  readonly open: Map<string, OpenIntent>;
  readonly ended: string[];
  records: number;
  firstFault: ChainFault | null;
  faults: number;
  /** Of the record before, milliseconds. */
  lastAt: number;
  timeAnomalies: number;
  firstTimeAnomaly: Place | null;
}

/** `now` is in milliseconds since the Unix epoch. */
export function createRangeVerifier(node: string, start: RangeStart, now: number): RangeVerifier {
  const chain = createChainVerifier(node, start);
  const range: Range = {
    ...{ open: new Map(), ended: [], records: 0, firstFault: null, faults: 0 },
    ...{ lastAt: Date.parse(start.at ?? ""), timeAnomalies: 0, firstTimeAnomaly: null },
  };
  return Object.freeze({
    next(row: ChainRow): void {
      range.records += 1;
      const fault = chain.next(row);
      if (fault !== null) {
        range.faults += 1;
        range.firstFault ??= fault;
      }
      followCall(range, row);
      followTime(range, row, now);
    },
    report: () => reportOf(range),
  });
}

function followCall({ open, ended }: Range, { columns }: ChainRow): void {
  const { node, boot, seq, kind, requestId } = columns;
  if (requestId === null) return;
  if (kind === "intent") open.set(requestId, { node, boot, seq, requestId });
  else if ((kind === "completion" || kind === "interrupted") && !open.delete(requestId)) ended.push(requestId);
}

function followTime(range: Range, { columns }: ChainRow, now: number): void {
  const at = Date.parse(columns.at);
  if (at < range.lastAt - STEP_MS || at > now + AHEAD_MS || Number.isNaN(at)) {
    const { node, boot, seq } = columns;
    range.timeAnomalies += 1;
    range.firstTimeAnomaly ??= { node, boot, seq };
  }
  range.lastAt = at;
}

function reportOf({ open, ended, lastAt: _, ...rest }: Range): RangeReport {
  return { ...rest, open: [...open.values()], ended };
}

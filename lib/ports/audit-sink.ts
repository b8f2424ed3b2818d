import type { AuditRecord } from "../audit/record";
import type { StoredRecord } from "./audit-log";

/** What of the trail a batch may hold at most; a single record may be larger than `bytes`. */
export interface BatchLimits {
  readonly records: number;
  /** Of canonical bytes. */
  readonly bytes: number;
}

/**
 * A place outside the trail that gets every record at least once, those of one chain in the order of `seq`. Records are
 * read from the trail after they are durable, behind a cursor of the sink's own that outlives the process: a sink that is
 * slow, hung or away holds no call back and loses nothing, it falls behind.
 */
export interface AuditSink {
  /** Unique among a gate's sinks. Its place in the trail is kept under it: another name starts anew. */
  readonly name: string;
  /** Where a sink begins that the trail has never seen. Default `beginning`. */
  readonly from?: "beginning" | "now";
  readonly limits?: BatchLimits;
  /**
   * Resolves when the other side has all of them for good; rejects to be given the same batch again, after a pause. All
   * are of one chain. Never called again before it settled or `signal` aborted. Only a SinkTrouble's message is shown to
   * operators: of other errors, which could quote what they were given, just the name and code.
   */
  deliver(records: readonly StoredRecord[], signal: AbortSignal): Promise<void>;
  close?(): Promise<void>;
}

/** Told of records in this process as soon as they are durable: from memory, at most once. It can change nothing. */
export interface AuditObserver {
  readonly name: string;
  write(records: readonly AuditRecord[]): void;
}

import type { AuditEvent, AuditRecord, RecordKind } from "../audit/record";
import type { SignedCheckpoint } from "../audit/checkpoint";
import type { ChainRow } from "../audit/chain-row";

export interface AuditLogOptions {
  /** The chain's name: one server process, or `cli`. */
  readonly node: string;
  /** This start of the node. */
  readonly boot: string;
  /** Ed25519 private key in PEM. Without one, this log takes no checkpoints. */
  readonly checkpointKey?: string;
}

export interface AuditQuery {
  readonly node?: string;
  readonly kind?: RecordKind;
  readonly user?: string;
  readonly keyId?: string;
  readonly model?: string;
  readonly decision?: "allow" | "deny";
  readonly reason?: string;
  readonly requestId?: string;
  /** Only records whose `at` is this time or later, and before that one; RFC 3339, UTC, milliseconds. */
  readonly since?: string;
  readonly until?: string;
  /** Only records that were written before this one: pages back through all chains. A `position` of a record. */
  readonly before?: string;
  /** Only records that were written after this one, the first of them first: pages forward through all chains. */
  readonly after?: string;
  /** Only records with `seq` above it, the lowest first: pages forward through one chain. Needs `node`. */
  readonly afterSeq?: number;
  /** The newest so many (with `after` or `afterSeq` the next so many), given oldest first. Default 100. */
  readonly limit?: number;
}

/** The end of one node's chain. */
export interface ChainHead {
  readonly node: string;
  readonly boot: string;
  readonly seq: number;
  /** SHA-256, hex. */
  readonly hash: string;
}

/** A record as it is kept, with `bytes` read. */
export interface StoredRecord extends ChainRow {
  readonly record: AuditRecord;
  /** Where it is among all records, in the order they were written: opaque, and only good for this trail. */
  readonly position: string;
}

/**
 * The organisation's audit trail.
 *
 * `append` resolves, with what it wrote, when every record is durable, in the given order, each with the next `seq`
 * of the node's chain; all of one append or nothing is written. It rejects when that is not certain within two seconds,
 * and the caller must then not do what the records announce. After a rejection nothing of the append is on record, nor
 * ever will be, unless the error is an UncertainAppend. No event is too odd or too large: it is cut to fit (capEvent).
 * A `completion` or `interrupted` record for a request id that already has one of the two in this chain is passed over,
 * so that an uncertain ending can be written again: a call ends once.
 * A `checkpoint` event is completed and signed by the log: it covers all chains as they stand right before its record,
 * and follows the trail's newest checkpoint.
 * Appends may be batched; two appends keep their order. `openIntents` and `read` see all that was durable before them.
 */
export interface AuditLog {
  append(events: readonly AuditEvent[], options?: AppendOptions): Promise<readonly AuditRecord[]>;
  /**
   * Makes the node's name this log's own until it is closed, or its process has ended. Idempotent. Rejects with a
   * ConfigurationError (`audit_node_in_use`) when another holds it. Appending does not depend on it: command lines share a name.
   */
  claim(): Promise<void>;
  read(query: AuditQuery): Promise<readonly StoredRecord[]>;
  heads(): Promise<readonly ChainHead[]>;
  /** Intents of this node's earlier boots that have neither a completion nor an `interrupted` record. */
  openIntents(): Promise<readonly AuditRecord[]>;
  /** Writes what is queued, then lets go. */
  close(): Promise<void>;
  /**
   * Of a log that keeps events elsewhere while the trail is out of reach: their append resolves with no record, and
   * `listener` gets the records once the trail has them.
   */
  onLate?(listener: (records: readonly AuditRecord[]) => void): void;
  /** How many events are kept elsewhere now. */
  waiting?(): number;
  /** Whether the trail's database would let this log write, now; rejects when it does not say. Writes nothing. */
  writable?(): Promise<boolean>;
}

export interface AppendOptions {
  /**
   * These events may have been appended before: capEvent has been at them, and one whose kind and request id this chain
   * has already is passed over.
   */
  readonly again?: boolean;
}

/** Keeps checkpoints where the trail's database is not: whoever can rewrite the one should not reach the other. */
export interface CheckpointExport {
  /** Resolves when they are durable, in order. What it rejects is given again with the next. */
  write(checkpoints: readonly SignedCheckpoint[]): Promise<void>;
}

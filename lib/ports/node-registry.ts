import type { BusHealth } from "./bus";

/** One gate process, as it says of itself. */
export interface NodeState {
  readonly node: string;
  /** Which start of it. */
  readonly boot: string;
  /** Every change up to this epoch has taken effect there; null before the first look. */
  readonly appliedEpoch: number | null;
  /** For how long it goes on serving what it knows once it does not reach the store, in milliseconds. */
  readonly staleMs: number;
  /** The buses that it hears hints from. */
  readonly buses: readonly BusHealth[];
}

export interface NodeRecord extends NodeState {
  /** Milliseconds since the Unix epoch, by the store's clock. */
  readonly startedAt: number;
  readonly seenAt: number;
  /** Milliseconds since then, by the store's clock too. */
  readonly ageMs: number;
}

/** Which gates are running on a store. */
export interface NodeRegistry {
  /** Renews the node's lease. A later boot of a name takes the place of the one before. */
  beat(state: NodeState): Promise<void>;
  /** Those that renewed their lease within the last `leaseMs`, by name. */
  live(leaseMs: number): Promise<readonly NodeRecord[]>;
  /** The node has ended in order. */
  leave(node: string, boot: string): Promise<void>;
}

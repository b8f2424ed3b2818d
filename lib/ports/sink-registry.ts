import type { ChainHead } from "./audit-log";

export interface SinkClaim {
  readonly sink: string;
  /** Who ships: the node's name, which one process holds at a time. */
  readonly holder: string;
  readonly leaseMs: number;
  /** The chains that there are now. */
  readonly heads: readonly ChainHead[];
  /** Where a sink that is new begins. Chains that come later are shipped whole. */
  readonly from: "beginning" | "now";
}

/** How far the sink got in each chain: it has acknowledged everything up to this `seq`. */
export type SinkPlaces = ReadonlyMap<string, number>;

export interface SinkState {
  readonly sink: string;
  readonly places: SinkPlaces;
  /** When it last got further, by the store's clock; milliseconds since the Unix epoch. */
  readonly movedAt: number | null;
  /** What keeps it from taking records, for operators; null: nothing. */
  readonly error: string | null;
}

/**
 * Where every sink stands, kept with the trail. Of the gates that share it one ships a chain to a sink at a time: it holds
 * a lease, and when that runs out another goes on from the place that was noted last.
 */
export interface SinkRegistry {
  /** Takes the chains that nobody else holds, and renews the lease of those that are held: gives them with their places. */
  take(claim: SinkClaim): Promise<SinkPlaces>;
  /** Notes what the sink acknowledged; a place never goes back. `error` null: it takes records. */
  note(sink: string, places: SinkPlaces, error: string | null): Promise<void>;
  /** Gives up what is held. */
  release(sink: string, holder: string): Promise<void>;
  /** By name. */
  list(): Promise<readonly SinkState[]>;
  /** Forgets a sink that is gone for good: false when it is not there. */
  remove(sink: string): Promise<boolean>;
}

import type { ChainHead } from "../ports/audit-log";
import type { SinkState } from "../ports/sink-registry";

/** How far a sink is, over all chains, whoever ships them. */
export interface SinkReport {
  readonly sink: string;
  /** Records that it does not have. */
  readonly behind: number;
  /** Milliseconds since the Unix epoch; null when it never got any. */
  readonly movedAt: number | null;
  readonly error: string | null;
  readonly chains: readonly SinkChain[];
}

export interface SinkChain {
  readonly node: string;
  /** It has everything up to this record. */
  readonly seq: number;
  readonly behind: number;
}

/** A chain that nobody has taken for the sink yet counts from its beginning. */
export function sinkReport({ sink, places, movedAt, error }: SinkState, heads: readonly ChainHead[]): SinkReport {
  const chains = heads.map(({ node, seq: last }) => {
    const seq = places.get(node) ?? 0;
    return Object.freeze({ node, seq, behind: Math.max(0, last - seq) });
  });
  const behind = chains.reduce((sum, chain) => sum + chain.behind, 0);
  return Object.freeze({ sink, behind, movedAt, error, chains: Object.freeze(chains) });
}

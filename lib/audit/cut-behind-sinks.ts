import type { ChainHead } from "../ports/audit-log";
import type { Place } from "./verify-range";

/** How far a sink acknowledged a chain. */
export interface DeliveredPlace {
  readonly sink: string;
  readonly node: string;
  readonly seq: number;
}

/** A chain that ends before what a sink has of it: `seq` is the first record that is gone, `boot` that of the one before it. */
export interface CutBehindSink extends Place {
  readonly reason: "sink_ahead";
}

/** The chains that are shorter than they were; `heads` were read after the places. */
export function cutBehindSinks(
  delivered: readonly DeliveredPlace[],
  heads: readonly ChainHead[],
): readonly CutBehindSink[] {
  const ends = new Map(heads.map((head) => [head.node, head]));
  const nodes = new Set(delivered.filter(({ node, seq }) => seq > (ends.get(node)?.seq ?? 0)).map(({ node }) => node));
  return [...nodes].sort().map((node) => {
    const { boot, seq } = ends.get(node) ?? { boot: "", seq: 0 };
    return { node, boot, seq: seq + 1, reason: "sink_ahead" };
  });
}

import { partitionPoint } from "./partition-point";

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Whether `[start, end)` lies inside one of the ranges. */
export type Covered = (start: number, end: number) => boolean;

/** Answers in the logarithm of their number, overlapping ones included. */
export function coveredBy(ranges: readonly Range[]): Covered {
  const ordered = [...ranges].sort((one, other) => one.start - other.start);
  let furthest = -1;
  const reach = ordered.map(({ end }) => (furthest = Math.max(furthest, end)));
  return (start, end) => {
    const later = partitionPoint(ordered.length, (index) => (ordered[index]?.start ?? 0) > start);
    return (reach[later - 1] ?? -1) >= end;
  };
}
